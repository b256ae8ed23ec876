import { type EventData, type EventType, type Headers, isEventData } from '@banso/contracts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface GoldenRecord<T extends EventType> {
  readonly headers: Headers
  readonly key: string
  readonly data: EventData<T>
}

const folder = join(import.meta.dirname, '../../contracts/golden')

/** The example record of an event type, as `libs/contracts/golden` has it; a fresh copy each time. */
export const golden = <T extends EventType>(type: T): GoldenRecord<T> => {
  const record: unknown = JSON.parse(readFileSync(join(folder, `${type}.json`), 'utf8'))
  if (!isRecord(record) || !isEventData(type, record.data)) throw new Error(`the golden record of ${type} is not valid`)
  return { headers: record.headers, key: record.key, data: record.data }
}

const isRecord = (value: unknown): value is { headers: Headers; key: string; data: unknown } =>
  typeof value === 'object' && value !== null && 'headers' in value && 'data' in value && 'key' in value
