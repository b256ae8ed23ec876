import { HEADER } from '@banso/contracts'
import type { LogRecord } from '../../log/event-log.ts'

export interface Fenced {
  readonly records: readonly LogRecord[]
  /** Highest sequence seen of each writer that moved. */
  readonly raised: ReadonlyMap<string, number>
  /** Dropped records per writer. */
  readonly drops: ReadonlyMap<string, number>
}

const sequenceOf = (record: LogRecord): number | undefined => {
  const text = record.headers[HEADER.sequence]
  const sequence = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(sequence) ? sequence : undefined
}

/**
 * Drops what a writer sent twice: records whose sequence is not above the highest seen of their writer in this
 * partition, which moves as the chunk is read. Records without writer or sequence pass; decoding refuses them.
 */
export const sequenceFence = (records: readonly LogRecord[], seen: ReadonlyMap<string, number>): Fenced => {
  const raised = new Map<string, number>()
  const drops = new Map<string, number>()
  const kept = records.filter((record) => {
    const writer = record.headers[HEADER.writer]
    const sequence = sequenceOf(record)
    if (writer === undefined || sequence === undefined) return true
    if (sequence <= (raised.get(writer) ?? seen.get(writer) ?? -1)) {
      drops.set(writer, (drops.get(writer) ?? 0) + 1)
      return false
    }
    raised.set(writer, sequence)
    return true
  })
  return { records: kept, raised, drops }
}
