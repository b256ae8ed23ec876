import { describe, expect, it } from '@jest/globals'
import { divide } from './divide.ts'

const topics = [
  { name: 'a', partitions: 16 },
  { name: 'b', partitions: 5 },
]
const member = (id: string, subscribed = ['a', 'b']) => ({ id, topics: subscribed })
const named = (shares: ReturnType<typeof divide>) =>
  [...shares.values()].flat().map(({ topic, partition }) => `${topic}/${partition}`)

const onA = (shares: ReturnType<typeof divide>, id: string) => shares.get(id)?.filter(({ topic }) => topic === 'a')

describe('dividing partitions among members', () => {
  it.each([1, 2, 3, 7])('gives each partition to one of %d members, as evenly as can be', (count) => {
    const shares = divide(
      topics,
      Array.from({ length: count }, (_, n) => member(`m${n}`)),
    )
    expect(named(shares).toSorted()).toHaveLength(21)
    expect(new Set(named(shares)).size).toBe(21)
    for (const { name, partitions } of topics) {
      const sizes = [...shares.values()].map((share) => share.filter(({ topic }) => topic === name).length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(partitions)
    }
  })

  it('comes out the same whatever order the members are seen in, and whatever else a member knows', () => {
    const [one, two, three] = [member('1'), member('2', ['a']), member('3')]
    const seenByOne = divide(topics, [one, two, three])
    const seenByTwo = divide(topics.slice(0, 1), [three, two, one])
    for (const id of ['1', '2', '3']) expect(onA(seenByTwo, id)).toEqual(onA(seenByOne, id))
    expect(seenByOne.get('2')?.every(({ topic }) => topic === 'a')).toBe(true)
  })

  it('gives nobody a topic that nobody takes', () => {
    expect(named(divide(topics, [member('1', ['b'])])).every((name) => name.startsWith('b/'))).toBe(true)
  })
})
