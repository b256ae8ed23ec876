import type { TopicDeclaration } from '@banso/contracts'
import { ProblemError } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import type { EventLog } from '../../log/event-log.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'
import type { RebuildOptions } from './rebuild-options.ts'

export interface RebuildRequest {
  readonly group: string
  readonly topics: readonly TopicDeclaration[]
  readonly dataSource: DataSource
  readonly log: EventLog
  readonly rebuild: RebuildOptions
  /** What the log does not hold may be lost. */
  readonly loseHistory: boolean
}

/**
 * Clears derived state and fences and puts the group back to the start of its topics, in one transaction; the old
 * positions stay as marks. Refused with 409 while the group is not running, has parked keys, or a topic lacks its start; and,
 * unless that may be lost, when the log lacks some of what the state was made from.
 */
export const startRebuild = async (request: RebuildRequest): Promise<void> => {
  await refuseTrimmedLogs(request)
  const { group, dataSource, rebuild, loseHistory } = request
  await dataSource.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0') // clearing may take long
    await new ConsumerProgress(group).all(tx, 'lock') // no chunk is under way from here on
    await refuseNow(tx, group, loseHistory)
    await rebuild.clear(tx)
    await tx.query(
      `UPDATE consumer_progress SET rebuild_mark = next_offset, next_offset = 0, last_ce_id = NULL,
         fences = '{}', epoch = epoch + 1
       WHERE group_name = $1`,
      [group],
    )
    await tx.query(
      `UPDATE consumer_group SET state = 'rebuilding', epoch = epoch + 1, republished_key = NULL, changed_at = now(),
         history_lost_at = NULL
       WHERE name = $1`,
      [group],
    )
  })
}

const refuse = (code: string, detail: string): ProblemError => new ProblemError({ code, status: 409, detail })

const refuseTrimmedLogs = async ({ topics, log }: RebuildRequest): Promise<void> => {
  for (const topic of topics) {
    if (topic.compacted) continue // its present state is all that is ever needed of it
    const cut = (await log.positions(topic.name)).find(({ start }) => start > 0)
    if (cut) throw refuse('REBUILD_LOG_INCOMPLETE', `${topic.name}/${cut.partition} starts at ${cut.start}, not at 0`)
  }
}

const refuseNow = async (tx: EntityManager, group: string, loseHistory: boolean): Promise<void> => {
  const found = await consumerGroups.find(tx, group, 'lock')
  if (found?.state !== 'running') throw refuse('REBUILD_NOT_RUNNING', `${group} is ${found?.state ?? 'not there'}`)
  if (found.historyLostAt && !loseHistory) throw refuse('REBUILD_LOSES_HISTORY', lossOf(group, found.historyLostAt))
  const [parked] = await tx.query<{ keys: number }[]>(
    'SELECT count(*)::int AS keys FROM parked_key WHERE group_name = $1',
    [group],
  )
  if (parked && parked.keys > 0) throw refuse('REBUILD_KEYS_PARKED', `${parked.keys} keys of ${group} are parked`)
}

const lossOf = (group: string, at: Date): string =>
  `${group} was resumed on ${at.toISOString().slice(0, 10)} on a log that is not the one it was made from: a rebuild would lose ` +
  'for good what it knows from before. Leave it as it is, or say that this may be lost: --lose-history'
