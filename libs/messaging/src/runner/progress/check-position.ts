import { HEADER, type TopicDeclaration } from '@banso/contracts'
import type { LogRecord, PartitionPositions } from '../../log/event-log.ts'
import type { Position } from './consumer-progress.ts'

/** Why a position is of no use on this log; undefined: it is of this log. */
export const checkLog = ({ topic, partition, logId: known }: Position, logId: string): string | undefined =>
  known === logId ? undefined : `${topic}/${partition}: the position is of another log (${known}, now ${logId})`

/**
 * Whether a stored position means what it meant when it was stored: same log, within what the log holds. The reason it
 * does not, as a text for people, or undefined.
 */
export const checkPosition = (
  position: Position,
  logId: string,
  bounds: PartitionPositions | undefined,
  topic: TopicDeclaration,
): string | undefined => {
  const where = `${position.topic}/${position.partition}`
  const another = checkLog(position, logId)
  if (another !== undefined) return another
  if (!bounds) return `${where}: the log has no such partition`
  if (position.next > bounds.end) return `${where}: the position ${position.next} is beyond the log's end ${bounds.end}`
  // Superseded records leave a compacted topic at its start, too.
  if (!topic.compacted && position.next < bounds.start)
    return `${where}: the position ${position.next} is below the log's start ${bounds.start}`
  return undefined
}

/** Whether the record before a position can be compared: records never leave such a topic. */
const keepsAll = (topic: TopicDeclaration): boolean => !topic.compacted && !topic.trimmed && topic.retentionMs === null

/**
 * Where to fetch from: one before the position where the record there tells whether it is still the same log (its ce_id
 * is compared, `checkRecordBefore`; the position fence then drops it), else the position itself.
 */
export const fetchFrom = (position: Position, topic: TopicDeclaration): number =>
  keepsAll(topic) && position.lastCeId !== null && position.next > 0 ? position.next - 1 : position.next

/** As `checkPosition`, of the record before the position. */
export const checkRecordBefore = (position: Position, record: LogRecord): string | undefined => {
  const id = record.headers[HEADER.id] ?? null
  return record.offset !== position.next - 1 || id === position.lastCeId
    ? undefined
    : `${position.topic}/${position.partition}: the record before ${position.next} is ${id}, not ${position.lastCeId}`
}
