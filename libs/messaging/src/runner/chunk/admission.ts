import type { LogRecord } from '../../log/event-log.ts'
import type { Position } from '../progress/consumer-progress.ts'

/** Where and when a chunk was fetched. */
export interface Fetched {
  /** Offset that was asked for; on compacted topics the first record may be later. */
  readonly from: number
  readonly epoch: number
}

/**
 * `stopped`: nothing is consumed now; `elsewhere`: the partition stands elsewhere, or under another epoch: fetch again
 * from the position; `held`: at its mark, until all partitions of the rebuild are.
 */
export type Refusal = 'stopped' | 'elsewhere' | 'held'

/** Why a chunk must not be run now; undefined when it may. The position's row is locked. */
export const refusalOf = (position: Position, fetched: Fetched): Refusal | undefined => {
  if (position.epoch !== fetched.epoch || fetched.from > position.next) return 'elsewhere'
  if (position.state === 'stopped') return 'stopped'
  return isHeld(position) ? 'held' : undefined
}

/** Whether a partition waits for the others of a rebuild. */
export const isHeld = ({ state, next, mark }: Position): boolean =>
  state === 'republishing' || (state === 'rebuilding' && next >= (mark ?? 0))

/** What of a chunk may be consumed now, and the position after it. */
export const upToMark = (
  position: Position,
  records: readonly LogRecord[],
): { readonly records: readonly LogRecord[]; readonly next: number } => {
  const end = (records.at(-1)?.offset ?? position.next - 1) + 1
  const { mark, state } = position
  if (state !== 'rebuilding' || mark === null || end <= mark) return { records, next: end }
  return { records: records.filter((record) => record.offset < mark), next: mark }
}
