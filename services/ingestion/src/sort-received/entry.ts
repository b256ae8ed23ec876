import { REDRIVE_HEADER } from '@banso/contracts'
import type { LogRecord } from '@banso/messaging'
import { type Claim, claimOf } from '../domain/attribution.ts'
import { decodeReceived, messageIdOf, type Received } from '../domain/received.ts'
import type { RawPosition } from '../domain/sealing.ts'
import type { EventName } from '../store/receipts.ts'

/** A raw record, read. */
export interface Entry extends EventName {
  readonly record: LogRecord
  readonly at: RawPosition
  readonly received: Received
  readonly claim: Claim
  /** It comes out of quarantine. */
  readonly redriven: boolean
}

/** A raw record that nothing can be made of. */
export interface UndecodableEntry {
  readonly record: LogRecord
  readonly at: RawPosition
  readonly undecodable: string
}

export const readEntry = (record: LogRecord, logId: string): Entry | UndecodableEntry => {
  const at = { logId, partition: record.partition, offset: record.offset }
  const received = decodeReceived(record)
  if ('undecodable' in received) return { record, at, ...received }
  return {
    record,
    at,
    received,
    claim: claimOf(received),
    source: received.data.source,
    messageId: messageIdOf(received),
    redriven: REDRIVE_HEADER in record.headers,
  }
}

/** A record that could be read, but is refused further on. */
export const putAside = (record: LogRecord, logId: string): UndecodableEntry => ({
  record,
  at: { logId, partition: record.partition, offset: record.offset },
  undecodable: 'refused',
})

/** Source names hold no `/`. */
export const nameKey = ({ source, messageId }: EventName): string => `${source}/${messageId}`
