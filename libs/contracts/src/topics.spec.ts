import { describe, expect, it } from '@jest/globals'
import { eventSchemas, isEventType, SLOTS_PER_RECORD, sorterSlots, topicList, topicNamed } from './index.ts'

const duplicates = <T>(values: readonly T[]): T[] => values.filter((value, index) => values.indexOf(value) !== index)

describe('the table of topics', () => {
  it('carries types that have a schema, each on one topic only', () => {
    const carried = topicList.flatMap((topic) => topic.types)
    expect(carried.filter((type) => !isEventType(type))).toEqual([])
    expect(carried.toSorted()).toEqual(Object.keys(eventSchemas).toSorted())
  })

  it('gives each topic a name and a number of its own', () => {
    expect(duplicates(topicList.map((topic) => topic.name))).toEqual([])
    expect(duplicates(topicList.map((topic) => topic.number))).toEqual([])
    expect(topicList.every((topic) => Number.isInteger(topic.number) && topic.number > 0)).toBe(true)
  })

  it.each(topicList)('$name is named <owner>.<plural>.v<n>, and so are its types', ({ name, owner, types }) => {
    expect(name).toMatch(new RegExp(`^${owner}\\.[a-z]+(-[a-z]+)*\\.v[1-9]\\d*$`))
    for (const type of types) expect(type).toMatch(new RegExp(`^${owner}\\.[a-z]+(-[a-z]+)*\\.v[1-9]\\d*$`))
  })

  it.each(topicList)('$name can be rebuilt from, or may be trimmed by its owner', (topic) => {
    expect(topic.partitions).toBeGreaterThan(0)
    expect(topic.compacted && topic.trimmed).toBe(false)
    expect(topic.retentionMs).toBeNull()
  })

  it('finds a topic by its name', () => {
    expect(topicNamed('health.scores.v1')).toMatchObject({ owner: 'health', compacted: true })
    expect(topicNamed('health.scores.v2')).toBeUndefined()
  })
})

describe("the sorter's slots", () => {
  it('are numbers of their own, below the slots of a record', () => {
    const slots = Object.values(sorterSlots)
    expect(duplicates<number>(slots)).toEqual([])
    expect(slots.every((slot) => Number.isInteger(slot) && slot >= 0 && slot < SLOTS_PER_RECORD)).toBe(true)
  })

  it('leave every sequence below 2^53 for a raw offset of 10^14', () => {
    expect(1e14 * SLOTS_PER_RECORD + Math.max(...Object.values(sorterSlots))).toBeLessThan(Number.MAX_SAFE_INTEGER)
  })
})
