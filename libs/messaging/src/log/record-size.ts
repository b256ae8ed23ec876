import type { Headers } from '@banso/contracts'
import { RecordTooLargeError } from './errors.ts'
import type { AppendRecord } from './event-log.ts'

/** Bytes of key, value and headers together: what `TopicDeclaration.maxRecordBytes` limits. */
export const recordBytes = (record: Pick<AppendRecord, 'key' | 'value' | 'headers'>): number =>
  Buffer.byteLength(record.key) + record.value.length + headerBytes(record.headers)

const headerBytes = (headers: Headers): number => {
  let bytes = 0
  for (const name in headers) bytes += Buffer.byteLength(name) + Buffer.byteLength(headers[name] ?? '')
  return bytes
}

/** Throws `RecordTooLargeError` for the first record over its topic's limit. */
export const refuseTooLarge = (records: readonly AppendRecord[], limitOf: (topic: string) => number): void => {
  for (const record of records) {
    const bytes = recordBytes(record)
    const limit = limitOf(record.topic)
    if (bytes > limit) throw new RecordTooLargeError(record.topic, bytes, limit)
  }
}
