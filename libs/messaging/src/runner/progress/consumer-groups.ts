import type { EntityManager } from 'typeorm'
import type { GroupState } from './consumer-progress.ts'

export interface ConsumerGroup {
  readonly name: string
  readonly epoch: number
  readonly logCounter: number
  readonly state: GroupState
  /** Why it is stopped. */
  readonly reason: string | null
  readonly republishedKey: string | null
  /** Its derived state is being made anew, also while it is stopped in the middle of that. */
  readonly rebuilt: boolean
  /** When it was resumed on a log that lacks some of what its state was made from. */
  readonly historyLostAt: Date | null
}

interface GroupRow {
  name: string
  epoch: number
  log_counter: number
  state: GroupState
  reason: string | null
  republished_key: string | null
  rebuilt: boolean
  history_lost_at: Date | null
}

const SELECT = `
  SELECT name, epoch, log_counter, state, reason, republished_key, history_lost_at,
    state IN ('rebuilding', 'republishing') OR EXISTS (
      SELECT FROM consumer_progress WHERE group_name = name AND rebuild_mark IS NOT NULL) AS rebuilt
  FROM consumer_group`

const LOCKS = { lock: 'FOR UPDATE', share: 'FOR SHARE', read: '' }

const groupOf = (row: GroupRow): ConsumerGroup => ({
  name: row.name,
  epoch: row.epoch,
  logCounter: row.log_counter,
  state: row.state,
  reason: row.reason,
  republishedKey: row.republished_key,
  rebuilt: row.rebuilt,
  historyLostAt: row.history_lost_at,
})

/** The log's id as positions and writers name it: that of the log and how often the group was resumed on it. */
export const logIdOf = (log: string, counter: number): string => (counter === 0 ? log : `${log}.${counter}`)

/** How often the group had been resumed by then: the later of two ids has the higher number. */
export const resumesOf = (logId: string): number => Number(/\.(\d+)$/.exec(logId)?.[1] ?? 0)

/** The consumer groups of a service's database. */
export const consumerGroups = {
  /** The group, made `running` when it is not there. */
  async open(tx: EntityManager, name: string): Promise<ConsumerGroup> {
    await tx.query('INSERT INTO consumer_group (name, changed_at) VALUES ($1, now()) ON CONFLICT DO NOTHING', [name])
    const group = await consumerGroups.find(tx, name)
    if (!group) throw new Error(`consumer group ${name} vanished`)
    return group
  },

  /** `share`: as it is found it stays until the transaction ends. */
  async find(
    tx: EntityManager,
    name: string,
    lock: 'lock' | 'share' | 'read' = 'read',
  ): Promise<ConsumerGroup | undefined> {
    const rows: GroupRow[] = await tx.query(`${SELECT} WHERE name = $1 ${LOCKS[lock]}`, [name])
    return rows.map(groupOf)[0]
  },

  async all(tx: EntityManager): Promise<ConsumerGroup[]> {
    const rows: GroupRow[] = await tx.query(`${SELECT} ORDER BY name`)
    return rows.map(groupOf)
  },

  /**
   * Stops a group until it is resumed; false when it is of another epoch than what was found wrong, or republishes: then
   * it is found again later. The first reason stays.
   */
  async stop(tx: EntityManager, name: string, reason: string, epoch: number): Promise<boolean> {
    await tx.query(
      `UPDATE consumer_group SET state = 'stopped', reason = $2, changed_at = now()
       WHERE name = $1 AND state IN ('running', 'rebuilding') AND epoch = $3`,
      [name, reason, epoch],
    )
    return (await consumerGroups.find(tx, name))?.state === 'stopped'
  },
}
