import { ProblemError } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import type { TopicPartition } from '../../log/event-log.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'

/** A message that was given up, as it is shown: without its value. */
export interface DeadLetter extends TopicPartition {
  readonly id: string
  readonly group: string
  readonly offset: string
  readonly key: string
  readonly eventId: string | null
  readonly type: string | null
  readonly reason: string
  readonly errorClass: string | null
  readonly message: string | null
  readonly attempts: number
  readonly firstFailedAt: Date
  readonly diedAt: Date
  readonly serviceVersion: string
}

/** Which dead letters: some, or the oldest, up to `max`. */
export type Picked = { readonly ids: readonly string[] } | { readonly all: true; readonly max?: number | undefined }

export interface Replayed {
  /** How many were picked before anything was moved. */
  readonly counted: number
  readonly replayed: number
}

/** Most messages that a group replays in a minute. */
export const REPLAYS_PER_MINUTE = 1_000

const COLUMNS = `id, group_name AS "group", topic, partition, record_offset AS offset, key, event_id AS "eventId",
  headers ->> 'ce_type' AS type, reason, error_class AS "errorClass", error_message AS message, attempts,
  first_failed_at AS "firstFailedAt", died_at AS "diedAt", service_version AS "serviceVersion"`

/** The dead letters of a service's groups. */
export class DeadLetters {
  constructor(private readonly dataSource: DataSource) {}

  /** Oldest first. */
  async list(afterId: string | undefined, limit: number): Promise<DeadLetter[]> {
    return this.dataSource.query<DeadLetter[]>(
      `SELECT ${COLUMNS} FROM parked_message WHERE state = 'dead' AND id > $1 ORDER BY id LIMIT $2`,
      [afterId ?? '0', limit],
    )
  }

  /**
   * Moves the picked ones behind what is parked for their keys, to be tried at once; each is noted. More than are
   * allowed in a minute: 429 `REPLAY_TOO_MANY`, and nothing is moved. While the group is rebuilt: 409.
   */
  async replay(picked: Picked, now: Date): Promise<Replayed> {
    const letters = await this.#pick(picked)
    let replayed = 0
    for (const group of new Set(letters.map((letter) => letter.group))) {
      const own = letters.filter((letter) => letter.group === group)
      await this.#admit(group, own.length, now)
      for (const part of byPartition(own)) replayed += await this.#replayPart(group, part, now)
    }
    return { counted: letters.length, replayed }
  }

  #pick(picked: Picked): Promise<DeadLetter[]> {
    return 'ids' in picked
      ? this.dataSource.query(
          `SELECT ${COLUMNS} FROM parked_message WHERE state = 'dead' AND id = ANY($1::bigint[]) ORDER BY id`,
          [picked.ids],
        )
      : this.list(undefined, picked.max ?? REPLAYS_PER_MINUTE)
  }

  async #admit(group: string, count: number, now: Date): Promise<void> {
    await refuseWhileRebuilt(this.dataSource.manager, group)
    const [recent] = await this.dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM dead_replay WHERE group_name = $1 AND replayed_at > $2`,
      [group, new Date(now.getTime() - 60_000)],
    )
    const left = Math.max(0, REPLAYS_PER_MINUTE - (recent?.count ?? 0))
    if (count > left)
      throw new ProblemError({
        code: 'REPLAY_TOO_MANY',
        status: 429,
        detail: `${count} messages, but only ${left} more may be replayed in this minute`,
      })
  }

  #replayPart(group: string, letters: readonly DeadLetter[], now: Date): Promise<number> {
    const [first] = letters
    if (!first) return Promise.resolve(0)
    return this.dataSource.transaction(async (tx) => {
      const progress = new ConsumerProgress(group)
      await progress.lock(tx, first)
      await refuseWhileRebuilt(tx, group) // no rebuild begins while the row is locked
      const ids = letters.map(({ id }) => id)
      const moved = await moveBehind(tx, ids, now)
      await progress.noteParked(tx, first)
      return moved
    })
  }
}

const refuseWhileRebuilt = async (tx: EntityManager, group: string): Promise<void> => {
  if ((await consumerGroups.find(tx, group))?.rebuilt)
    throw new ProblemError({ code: 'REPLAY_WHILE_REBUILDING', status: 409, detail: `${group} is being rebuilt` })
}

const byPartition = (letters: readonly DeadLetter[]): DeadLetter[][] => [
  ...Map.groupBy(letters, ({ topic, partition }) => `${topic}/${partition}`).values(),
]

// A message may have been replayed by someone else since it was picked: only what is still dead is moved. One that died
// in a rebuild may publish now: what was published after that knows nothing of it.
const moveBehind = async (tx: EntityManager, ids: readonly string[], now: Date): Promise<number> => {
  await tx.query(
    `INSERT INTO parked_key (group_name, topic, partition, key, attempts, next_attempt_at)
     SELECT DISTINCT group_name, topic, partition, key, 0, $2::timestamptz
     FROM parked_message WHERE id = ANY($1::bigint[]) AND state = 'dead'
     ON CONFLICT DO NOTHING`,
    [ids, now],
  )
  const [audited] = await tx.query<{ count: number }[]>(
    `WITH letters AS (
       INSERT INTO dead_replay (group_name, topic, partition, record_offset, reason, attempts, replayed_at)
       SELECT group_name, topic, partition, record_offset, coalesce(reason, ''), attempts, $2::timestamptz
       FROM parked_message WHERE id = ANY($1::bigint[]) AND state = 'dead' ORDER BY id RETURNING id)
     SELECT count(*)::int AS count FROM letters`,
    [ids, now],
  )
  await tx.query(
    `WITH letters AS (
       SELECT id AS old, nextval(pg_get_serial_sequence('parked_message', 'id')) AS new
       FROM (SELECT id FROM parked_message WHERE id = ANY($1::bigint[]) AND state = 'dead' ORDER BY id) AS o)
     UPDATE parked_message SET id = letters.new, state = 'parked', muted = false, attempts = 0, reason = NULL, error_class = NULL,
       error_message = NULL, first_failed_at = NULL, died_at = NULL
     FROM letters WHERE parked_message.id = letters.old`,
    [ids],
  )
  return audited?.count ?? 0
}
