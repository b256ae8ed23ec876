import type { LogRecord } from '../../log/event-log.ts'
import type { ChunkRequest, ChunkResult } from '../consuming/process-chunk.ts'
import type { TopicHandler } from '../handlers.ts'
import { eventIdOf } from '../parking/parked-messages.ts'
import type { Advance, Position } from '../progress/consumer-progress.ts'
import { refusalOf, upToMark } from './admission.ts'
import { positionFence } from './position-fence.ts'
import { type Fenced, sequenceFence } from './sequence-fence.ts'

/** What of one partition's chunk is consumed now, and where the partition stands after it. */
export interface ChunkPart {
  readonly before: Position
  readonly after: Position
  /** Records that are consumed, those that the sequence fence drops included. */
  readonly count: number
  readonly fenced: Fenced
}

export type Admitted = { readonly part: ChunkPart } | { readonly refused: ChunkResult }

/** `before` is the partition's position, its row locked. */
export const admit = (handler: TopicHandler, request: ChunkRequest, before: Position): Admitted => {
  const why = refusalOf(before, request)
  if (why) return { refused: { kind: 'refused', why, position: before } }
  const { records, next } = upToMark(before, positionFence(request.records, before.next))
  const last = records.at(-1)
  const after = {
    ...before,
    next: Math.max(next, before.next),
    lastCeId: last ? eventIdOf(last) : before.lastCeId,
  }
  return { part: { before, after, count: records.length, fenced: fence(handler, records, before.fences) } }
}

export const resultOf = (admitted: Admitted): ChunkResult =>
  'part' in admitted ? { kind: 'committed', position: admitted.part.after } : admitted.refused

export const advanceOf = ({ after, fenced: { raised } }: ChunkPart): Advance => ({ ...after, raised })

// A compacted topic may hold an older repeat as the only record of its key: there the fence is per key, and the copy's
// own row keeps it (`isNewer`).
const fence = (handler: TopicHandler, records: readonly LogRecord[], seen: ReadonlyMap<string, number>): Fenced =>
  handler.topic.compacted ? { records, raised: new Map(), drops: new Map() } : sequenceFence(records, seen)
