import { ProblemError } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import type { EventLog, PartitionPositions } from '../log/event-log.ts'
import { consumerGroups, logIdOf } from '../runner/progress/consumer-groups.ts'
import { ConsumerProgress, type Position } from '../runner/progress/consumer-progress.ts'

export const resumePlaces = ['progress', 'start', 'end'] as const
/** Where a stopped group goes on: at its own positions, or at the log's start or end. */
export type ResumeAt = (typeof resumePlaces)[number]

type Bounds = ReadonlyMap<string, PartitionPositions>

/**
 * Lets a stopped group go on, on the log as it is now: positions are set, the log counter and the epoch rise. False when
 * the group is not stopped. Refused with 409 when its progress is not within the log.
 */
export const resumeGroup = async (
  dataSource: DataSource,
  log: EventLog,
  group: string,
  at: ResumeAt,
): Promise<boolean> => {
  const progress = new ConsumerProgress(group)
  const topics = new Set((await progress.all(dataSource.manager)).map(({ topic }) => topic))
  const [id, ...positions] = await Promise.all([log.id(), ...[...topics].map((topic) => log.positions(topic))])
  const bounds: Bounds = new Map(positions.flat().map((one) => [`${one.topic}/${one.partition}`, one]))
  return dataSource.transaction(async (tx) => {
    await progress.all(tx, 'lock') // no chunk is under way from here on
    const found = await consumerGroups.find(tx, group, 'lock')
    if (found?.state !== 'stopped') return false
    const stands = await progress.all(tx, 'lock') // with those that were made meanwhile: no more can be
    const logId = logIdOf(id, found.logCounter + 1)
    for (const position of stands) await move(tx, group, position, placeOf(position, at, bounds), logId)
    if (at !== 'progress')
      await tx.query('UPDATE consumer_progress SET rebuild_mark = NULL WHERE group_name = $1', [group])
    const rebuilding = at === 'progress' && stands.some(({ mark }) => mark !== null)
    await tx.query(
      `UPDATE consumer_group SET state = $2, reason = NULL, epoch = epoch + 1, log_counter = log_counter + 1,
         changed_at = now() WHERE name = $1`,
      [group, rebuilding ? 'rebuilding' : 'running'],
    )
    return true
  })
}

const placeOf = (position: Position, at: ResumeAt, bounds: Bounds): number => {
  const within = bounds.get(`${position.topic}/${position.partition}`)
  if (at === 'start') return within?.start ?? 0
  if (at === 'end') return within?.end ?? 0
  if (within && position.next >= within.start && position.next <= within.end) return position.next
  throw new ProblemError({
    code: 'RESUME_OUT_OF_RANGE',
    status: 409,
    detail:
      `the position ${position.next} of ${position.topic}/${position.partition} is not in the log ` +
      `(${within?.start ?? 0} to ${within?.end ?? 0}): resume at start or end`,
  })
}

const move = (tx: EntityManager, group: string, at: Position, next: number, logId: string): Promise<unknown> =>
  tx.query(
    `UPDATE consumer_progress SET next_offset = $4, last_ce_id = NULL, log_id = $5, epoch = epoch + 1
     WHERE group_name = $1 AND topic = $2 AND partition = $3`,
    [group, at.topic, at.partition, next, logId],
  )
