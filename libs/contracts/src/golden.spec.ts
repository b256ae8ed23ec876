import { describe, expect, it } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  eventSchemas,
  type EventType,
  faultsOf,
  fromHeaders,
  HEADER,
  isEventType,
  SLOTS_PER_RECORD,
  topicList,
} from './index.ts'

interface Golden {
  headers: Record<string, string>
  key: string
  data: Record<string, unknown>
}

const folder = join(import.meta.dirname, '../golden')
const types = Object.keys(eventSchemas).filter(isEventType)
const read = (type: EventType): Golden => JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8')) as Golden
const topicOf = (type: EventType) => topicList.find((topic) => topic.types.includes(type))

describe('golden records', () => {
  it('exist for every event type, and for nothing else', () => {
    expect(readdirSync(folder).toSorted()).toEqual(types.map((type) => `${type}.json`).toSorted())
  })

  it.each(types)('%s is valid data', (type) => {
    expect(faultsOf(type, read(type).data)).toEqual([])
  })

  it.each(types)('%s has CloudEvents attributes of its own type and owner', (type) => {
    const attributes = fromHeaders(read(type).headers)
    expect(attributes).toMatchObject({ type, source: `/banso/${topicOf(type)?.owner}` })
  })

  it.each(types)('%s has the key of its topic', (type) => {
    const { key, data } = read(type)
    const keys = {
      'account id': data['accountId'],
      'person id': data['subject'],
      'source and sender': expect.stringContaining(String(data['source'])),
    }
    expect(key).toEqual(keys[topicOf(type)?.key ?? 'account id'])
  })

  it.each(types.filter((type) => topicOf(type)?.key === 'account id'))('%s is about its account', (type) => {
    expect(read(type).headers[HEADER.subject]).toBe(read(type).key)
  })

  it.each(types.filter((type) => topicOf(type)?.key !== 'source and sender'))('%s names its writer', (type) => {
    const { headers } = read(type)
    const owner = topicOf(type)?.owner
    expect(headers[HEADER.writer]).toMatch(owner === 'ingestion' ? /^received\/.+\/\d+$/ : `outbox/${owner}/`)
    expect(Number(headers[HEADER.sequence])).toBeGreaterThan(owner === 'ingestion' ? SLOTS_PER_RECORD : 0)
  })

  it('fits the limit of its topic', () => {
    for (const type of types)
      expect(JSON.stringify(read(type)).length).toBeLessThan(topicOf(type)?.maxRecordBytes ?? Number.NaN)
  })
})
