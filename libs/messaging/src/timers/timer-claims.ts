import { randomUUID } from 'node:crypto'
import type { DataSource, EntityManager } from 'typeorm'
import { isGone, type Presence } from '../presence/presence.ts'
import { staysInTrace } from './timer-trace.ts'
import type { Timer, TimerResult } from './timer-handler.ts'

/** A timer that this process may fire while `token` stands in its row. */
export interface ClaimedTimer extends Timer {
  readonly token: string
  /** Failures since it was set or last rescheduled by its handler. */
  readonly failures: number
  /** Of what set it, not too long before it was due. */
  readonly traceparent: string | null
}

const COLUMNS = 'timer.id, key, kind, due_at AS "dueAt", payload, attempts, failures, token, traceparent'

/** How often a newcomer looks for claims of processes that are gone. Milliseconds. */
const LOOK_FOR_GONE_MS = 1_000

const CLAIM = {
  name: 'timer-claim',
  text: `
    WITH due AS (
      SELECT due.id FROM unnest($1::text[], $2::int[]) AS free(kind, slots)
      CROSS JOIN LATERAL (
        SELECT id FROM timer
        WHERE timer.kind = free.kind AND next_at <= $3
          AND (lease_until IS NULL OR lease_until < clock_timestamp() OR $6::boolean AND ${isGone('token')})
        ORDER BY next_at LIMIT free.slots FOR UPDATE SKIP LOCKED
      ) AS due
    )
    UPDATE timer SET token = $4, attempts = attempts + 1,
      lease_until = clock_timestamp() + $5 * interval '1 millisecond'
    FROM due WHERE timer.id = due.id
    RETURNING ${COLUMNS}`,
}

/** Who fires which timer now. Leases are by the database's time, due times by the Clock. */
export class TimerClaims {
  private lookAt = 0

  /** `presence` absent: only its lease tells of a claim that nobody holds any more. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly leaseMs: number,
    private readonly presence?: Presence,
  ) {}

  /** Claims, in one committed statement, timers due at `now`: of each kind at most as many as its slots, oldest first. */
  async claim(slots: ReadonlyMap<string, number>, now: Date): Promise<readonly ClaimedTimer[]> {
    const session = await this.presence?.session().catch(() => undefined)
    const free = this.presence?.free()
    const values = [
      [...slots.keys()],
      [...slots.values()],
      now.toISOString(),
      session?.newId() ?? randomUUID(),
      this.leaseMs,
      free !== undefined && this.looksForGone(),
    ]
    if (free) return (await free.query<ClaimedTimer>(CLAIM, values)).rows
    const [rows] = await this.dataSource.query<[ClaimedTimer[], number]>(CLAIM.text, values)
    return rows
  }

  // What a timer does outside cannot be taken back: others have the lease, unless we take the place of who is gone.
  private looksForGone(): boolean {
    if (!this.presence?.isNewcomer || performance.now() < this.lookAt) return false
    this.lookAt = performance.now() + LOOK_FOR_GONE_MS
    return true
  }

  /** Prolongs the leases; gives the ids of those that are still claimed by their token. */
  async renew(timers: readonly ClaimedTimer[]): Promise<ReadonlySet<string>> {
    const [rows] = await this.dataSource.query<[{ id: string }[], number]>(
      `UPDATE timer SET lease_until = clock_timestamp() + $3 * interval '1 millisecond'
       FROM unnest($1::text[], $2::uuid[]) AS held(id, token)
       WHERE timer.id = held.id AND timer.token = held.token
       RETURNING timer.id`,
      [timers.map(({ id }) => id), timers.map(({ token }) => token), this.leaseMs],
    )
    return new Set(rows.map(({ id }) => id))
  }

  /** Locks the row; false when it was cancelled, set anew, or claimed by another since. */
  async lock(tx: EntityManager, { id, token }: ClaimedTimer): Promise<boolean> {
    const rows = await tx.query<unknown[]>('SELECT FROM timer WHERE id = $1 AND token = $2 FOR UPDATE', [id, token])
    return rows.length > 0
  }

  async settle(tx: EntityManager, { id, dueAt }: ClaimedTimer, result: TimerResult): Promise<void> {
    if (result === 'fired') {
      await tx.query('DELETE FROM timer WHERE id = $1', [id])
      return
    }
    const payload = 'payload' in result ? JSON.stringify(result.payload ?? null) : null
    await tx.query(
      `UPDATE timer SET due_at = $2, next_at = $2, payload = coalesce($3::jsonb, payload),
         lease_until = NULL, token = NULL, failures = 0, traceparent = CASE WHEN $4 THEN traceparent END
       WHERE id = $1`,
      [id, result.again.toISOString(), payload, staysInTrace(dueAt, result.again)],
    )
  }

  /** After a failure: tried again at `next`. */
  async postpone({ id, token }: ClaimedTimer, next: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE timer SET next_at = $3, failures = failures + 1, lease_until = NULL, token = NULL
       WHERE id = $1 AND token = $2`,
      [id, token, next.toISOString()],
    )
  }

  /** Lets another process, or this one after a restart, claim it at once. */
  async release({ id, token }: ClaimedTimer): Promise<void> {
    await this.dataSource.query('UPDATE timer SET lease_until = NULL, token = NULL WHERE id = $1 AND token = $2', [
      id,
      token,
    ])
  }
}
