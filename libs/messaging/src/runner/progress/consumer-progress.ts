import { storable } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import type { TopicPartition } from '../../log/event-log.ts'

/**
 * `running`; `stopped`: red, until a person resumes it; `rebuilding`: derived state is made anew up to the marks;
 * `republishing`: that is done, and the present state of compacted topics is being published.
 */
export type GroupState = 'running' | 'stopped' | 'rebuilding' | 'republishing'

/** Where a group stands in a partition. */
export interface Position extends TopicPartition {
  readonly next: number
  /** ce_id of the record before `next`; null when nothing is known of it. */
  readonly lastCeId: string | null
  /** `logIdOf` when the position was made. */
  readonly logId: string
  readonly epoch: number
  /** The group's, read with the position: how often it was resumed. */
  readonly logCounter: number
  /** Position before the rebuild that is under way; null when none is. */
  readonly mark: number | null
  readonly state: GroupState
  /** Highest sequence seen in this partition, per writer. */
  readonly fences: ReadonlyMap<string, number>
  /** Whether any key of the partition is parked. */
  readonly parked: boolean
}

export interface Advance extends TopicPartition {
  readonly next: number
  /** Of the record before `next`. */
  readonly lastCeId: string | null
  readonly raised?: ReadonlyMap<string, number>
}

interface PositionRow {
  topic: string
  partition: number
  next_offset: string
  last_ce_id: string | null
  log_id: string
  epoch: number
  log_counter: number
  rebuild_mark: string | null
  state: GroupState
  fences: Record<string, number>
  parked: boolean
}

const SELECT = `
  SELECT p.topic, p.partition, p.next_offset, p.last_ce_id, p.log_id, p.epoch, g.log_counter, p.rebuild_mark,
    p.fences, p.parked, g.state
  FROM consumer_progress p JOIN consumer_group g ON g.name = p.group_name
  WHERE p.group_name = $1`

const positionOf = (row: PositionRow): Position => ({
  topic: row.topic,
  partition: row.partition,
  next: Number(row.next_offset),
  lastCeId: row.last_ce_id,
  logId: row.log_id,
  epoch: row.epoch,
  logCounter: row.log_counter,
  mark: row.rebuild_mark === null ? null : Number(row.rebuild_mark),
  state: row.state,
  fences: new Map(Object.entries(row.fences)),
  parked: row.parked,
})

const fencesJson = (raised: Advance['raised']): string =>
  JSON.stringify(Object.fromEntries([...(raised ?? [])].map(([writer, sequence]) => [storable(writer), sequence])))

/** The progress rows of one consumer group, in the service's own database. */
export class ConsumerProgress {
  constructor(readonly group: string) {}

  /** The position, made at offset 0 of the log with this id when there is none. */
  async open(tx: EntityManager, at: TopicPartition, logId: string): Promise<Position> {
    const found = await this.#find(tx, at)
    if (found) return found
    // Waits for a resume that is under way: the row must be one of the group as it is then.
    await tx.query(
      `WITH g AS (SELECT epoch, log_counter FROM consumer_group WHERE name = $1 FOR SHARE)
       INSERT INTO consumer_progress (group_name, topic, partition, next_offset, log_id, epoch)
       SELECT $1, $2, $3, 0, $4 || CASE log_counter WHEN 0 THEN '' ELSE '.' || log_counter END, epoch FROM g
       ON CONFLICT DO NOTHING`,
      [this.group, at.topic, at.partition, logId],
    )
    return this.#known(await this.#find(tx, at), at)
  }

  /** The position, its row locked until the transaction ends: first in the house's lock order. */
  async lock(tx: EntityManager, at: TopicPartition): Promise<Position> {
    const [position] = await this.lockAll(tx, [at])
    return this.#known(position, at)
  }

  /** As `lock`, of several partitions of one topic; in the order given. */
  async lockAll(tx: EntityManager, partitions: readonly TopicPartition[]): Promise<Position[]> {
    const rows: PositionRow[] = await tx.query(
      `${SELECT} AND p.topic = $2 AND p.partition = ANY($3::int[]) ORDER BY p.partition FOR NO KEY UPDATE OF p`,
      [this.group, partitions[0]?.topic, partitions.map(({ partition }) => partition)],
    )
    const positions = new Map(rows.map((row) => [row.partition, positionOf(row)]))
    return partitions.map((at) => this.#known(positions.get(at.partition), at))
  }

  /** Every position of the group, in order; locked when `lock` is given. */
  async all(tx: EntityManager, lock: 'lock' | 'read' = 'read'): Promise<Position[]> {
    const rows: PositionRow[] = await tx.query(
      `${SELECT} ORDER BY p.topic, p.partition ${lock === 'lock' ? 'FOR NO KEY UPDATE OF p' : ''}`,
      [this.group],
    )
    return rows.map(positionOf)
  }

  /** Moves positions of a topic forward, never back, and the fences of their writers up. */
  async advance(tx: EntityManager, advances: readonly Advance[]): Promise<void> {
    const [first] = advances
    if (!first) return
    await tx.query(
      `UPDATE consumer_progress AS p SET next_offset = m.next, last_ce_id = m.last, fences = p.fences || m.raised
       FROM unnest($3::int[], $4::bigint[], $5::text[], $6::jsonb[]) AS m (partition, next, last, raised)
       WHERE p.group_name = $1 AND p.topic = $2 AND p.partition = m.partition AND p.next_offset < m.next`,
      [
        this.group,
        first.topic,
        advances.map(({ partition }) => partition),
        advances.map(({ next }) => next),
        advances.map(({ lastCeId }) => lastCeId),
        advances.map(({ raised }) => fencesJson(raised)),
      ],
    )
  }

  /** Notes whether any key of the partition is parked: call where keys were parked or freed. Its row must be locked. */
  async noteParked(tx: EntityManager, at: TopicPartition): Promise<void> {
    await tx.query(
      `UPDATE consumer_progress AS p SET parked = EXISTS (
         SELECT FROM parked_key AS k
         WHERE k.group_name = p.group_name AND k.topic = p.topic AND k.partition = p.partition)
       WHERE group_name = $1 AND topic = $2 AND partition = $3`,
      [this.group, at.topic, at.partition],
    )
  }

  async #find(tx: EntityManager, at: TopicPartition): Promise<Position | undefined> {
    const rows: PositionRow[] = await tx.query(`${SELECT} AND p.topic = $2 AND p.partition = $3`, [
      this.group,
      at.topic,
      at.partition,
    ])
    return rows.map(positionOf)[0]
  }

  #known(position: Position | undefined, at: TopicPartition): Position {
    if (!position) throw new Error(`group ${this.group} has no progress row for ${at.topic}/${at.partition}`)
    return position
  }
}
