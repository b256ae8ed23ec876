import { topicNamed } from '@banso/contracts'
import { ProblemError } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import type { EventLog, PartitionPositions } from '../log/event-log.ts'
import { checkPosition, checkRecordBefore, fetchFrom } from '../runner/progress/check-position.ts'
import { consumerGroups, logIdOf } from '../runner/progress/consumer-groups.ts'
import { ConsumerProgress, type Position } from '../runner/progress/consumer-progress.ts'

export const resumePlaces = ['progress', 'start', 'end'] as const
/** Where a stopped group goes on: at its own positions, or at the log's start or end. */
export type ResumeAt = (typeof resumePlaces)[number]

/** Partitions whose records are read at a time. */
const AT_ONCE = 4

type Bounds = ReadonlyMap<string, PartitionPositions>

/**
 * Lets a stopped group go on, on the log as it is now: positions are set, the log counter and the epoch rise. False when
 * the group is not stopped. Refused with 409 when its progress is not within the log. In the middle of a rebuild it goes on
 * with that, as far as the log still holds what was handled before it: its present state is published at the end of it.
 * At start or end of a log that its positions did not fit, it notes that the log lacks what its state was made from.
 */
export const resumeGroup = async (
  dataSource: DataSource,
  log: EventLog,
  group: string,
  at: ResumeAt,
): Promise<boolean> => {
  if ((await consumerGroups.find(dataSource.manager, group))?.state !== 'stopped') return false
  const progress = new ConsumerProgress(group)
  const known = await progress.all(dataSource.manager)
  const topics = new Set(known.map(({ topic }) => topic))
  const [id, ...positions] = await Promise.all([log.id(), ...[...topics].map((topic) => log.positions(topic))])
  const bounds: Bounds = new Map(positions.flat().map((one) => [`${one.topic}/${one.partition}`, one]))
  const loses = at !== 'progress' && (await lacksSome(log, id, known, bounds))
  return dataSource.transaction(async (tx) => {
    await progress.all(tx, 'lock') // no chunk is under way from here on
    const found = await consumerGroups.find(tx, group, 'lock')
    if (found?.state !== 'stopped') return false
    const stands = await progress.all(tx, 'lock') // with those that were made meanwhile: no more can be
    const logId = logIdOf(id, found.logCounter + 1)
    for (const position of stands) {
      const within = bounds.get(`${position.topic}/${position.partition}`) ?? { start: 0, end: 0 }
      const next = placeOf(position, at, within)
      const sameLog = at === 'progress' || position.logId === logIdOf(id, found.logCounter)
      await move(tx, position, { group, next, mark: markOf(position, next, sameLog ? within : null), logId })
    }
    await tx.query(
      `UPDATE consumer_group SET state = $2, reason = NULL, epoch = epoch + 1, log_counter = log_counter + 1,
         changed_at = now(), history_lost_at = CASE WHEN $3 THEN coalesce(history_lost_at, now()) ELSE history_lost_at END
       WHERE name = $1`,
      [group, found.rebuilt ? 'rebuilding' : 'running', loses],
    )
    return true
  })
}

/** Whether the log lacks some of what was handled before these positions: one is not of this log, or its topic lost its start. */
const lacksSome = async (log: EventLog, id: string, positions: readonly Position[], all: Bounds): Promise<boolean> => {
  const moved = positions.filter(({ next }) => next > 0)
  if (moved.some((position) => !isWithin(id, position, all.get(`${position.topic}/${position.partition}`)))) return true
  for (let first = 0; first < moved.length; first += AT_ONCE) {
    const found = moved.slice(first, first + AT_ONCE).map((position) => hasRecordBefore(log, position))
    if ((await Promise.all(found)).includes(false)) return true
  }
  return false
}

const isWithin = (id: string, position: Position, within: PartitionPositions | undefined): boolean => {
  const topic = topicNamed(position.topic)
  if (!topic || checkPosition(position, logIdOf(id, position.logCounter), within, topic) !== undefined) return false
  return topic.compacted || within?.start === 0
}

const hasRecordBefore = async (log: EventLog, position: Position): Promise<boolean> => {
  const topic = topicNamed(position.topic)
  if (!topic) return false
  const from = fetchFrom(position, topic)
  const [before] = from < position.next ? await log.read(position, from, 1) : []
  return before === undefined || checkRecordBefore(position, before) === undefined
}

type Within = Pick<PartitionPositions, 'start' | 'end'>

const placeOf = (position: Position, at: ResumeAt, { start, end }: Within): number => {
  if (at === 'start') return start
  if (at === 'end') return end
  if (position.next >= start && position.next <= end) return position.next
  throw new ProblemError({
    code: 'RESUME_OUT_OF_RANGE',
    status: 409,
    detail:
      `the position ${position.next} of ${position.topic}/${position.partition} is not in the log ` +
      `(${start} to ${end}): resume at start or end`,
  })
}

/** Up to where a rebuild that is under way stays silent. Of another log (null) nothing was handled before it. */
const markOf = ({ mark }: Position, next: number, within: Within | null): number | null => {
  if (mark === null) return null
  return within === null ? next : Math.max(next, Math.min(mark, within.end))
}

interface Move {
  readonly group: string
  readonly next: number
  readonly mark: number | null
  readonly logId: string
}

const move = (tx: EntityManager, at: Position, { group, next, mark, logId }: Move): Promise<unknown> =>
  tx.query(
    `UPDATE consumer_progress SET next_offset = $4, last_ce_id = NULL, rebuild_mark = $5, log_id = $6, epoch = epoch + 1
     WHERE group_name = $1 AND topic = $2 AND partition = $3`,
    [group, at.topic, at.partition, next, mark, logId],
  )
