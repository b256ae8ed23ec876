import { randomUUID } from 'node:crypto'
import type { DataSource } from 'typeorm'
import { isGone, type Presence } from '../presence/presence.ts'

/** What the holder knows of its outbox; `unverifiedFrom`: last id given out before it came, until the log is compared. */
export interface Lease {
  readonly generation: number
  readonly unverifiedFrom: number | null
}

/** The service's row in `outbox_relay`: who relays now, and the generation that rows are written under. */
export class RelayLease {
  private known: { readonly holder: string; readonly number: number | undefined } | undefined
  /** Held under this name, until the lease has the new one. */
  private nameBefore: string | undefined
  private lease: Lease | undefined
  private renewAt = 0

  constructor(
    private readonly dataSource: DataSource,
    private readonly service: string,
    private readonly leaseMs: number,
    private readonly presence?: Presence,
  ) {}

  /** Under which name the lease is held; none before the first look. */
  get holder(): string | undefined {
    return this.known?.holder
  }

  /** The lease, asked of the database when a third of it is over, or now. */
  async renewed({ now }: { now: boolean }): Promise<Lease | undefined> {
    return now || !this.lease || performance.now() >= this.renewAt ? this.hold() : this.lease
  }

  /**
   * Takes or renews the lease; undefined while another holds it. Taking it over notes the last id given out: all that
   * was ever sent lies at or below it, because rows are read for sending under the lease only.
   */
  async hold(): Promise<Lease | undefined> {
    const holder = await this.nameNow()
    await this.dataSource.query('INSERT INTO outbox_relay (service) VALUES ($1) ON CONFLICT DO NOTHING', [this.service])
    const [rows] = await this.dataSource.query<[{ generation: number; unverified: string | null }[], number]>(
      `UPDATE outbox_relay SET
         holder = $2,
         lease_until = clock_timestamp() + $3 * interval '1 millisecond',
         unverified_from = coalesce(unverified_from, CASE WHEN holder IS DISTINCT FROM $2
           THEN (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM outbox_id_seq) END)
       WHERE service = $1 AND (holder IN ($2, $4) OR lease_until IS NULL OR lease_until < clock_timestamp()
         OR ${isGone('holder')})
       RETURNING generation, unverified_from AS unverified`,
      [this.service, holder, this.leaseMs, this.nameBefore],
    )
    const row = rows[0]
    this.nameBefore = undefined
    this.renewAt = performance.now() + this.leaseMs / 3
    this.lease = row && {
      generation: row.generation,
      unverifiedFrom: row.unverified === null ? null : Number(row.unverified),
    }
    return this.lease
  }

  /** The log holds nothing later than what this database has given out. */
  async verified(): Promise<void> {
    await this.dataSource.query('UPDATE outbox_relay SET unverified_from = NULL WHERE service = $1 AND holder = $2', [
      this.service,
      this.holder,
    ])
    if (this.lease) this.lease = { ...this.lease, unverifiedFrom: null }
  }

  async release(): Promise<void> {
    this.lease = undefined
    await this.dataSource.query(
      'UPDATE outbox_relay SET holder = NULL, lease_until = NULL WHERE service = $1 AND holder IN ($2, $3)',
      [this.service, this.holder, this.nameBefore],
    )
  }

  /** Another name when nobody vouches for the present one any more. */
  private async nameNow(): Promise<string> {
    const session = await this.presence?.session().catch(() => undefined)
    if (!this.known || (session && session.number !== this.known.number)) {
      this.nameBefore ??= this.known?.holder
      this.known = { holder: session?.newId() ?? randomUUID(), number: session?.number }
    }
    return this.known.holder
  }

  /**
   * Rows get a generation of `atLeast`, or one more than now, from now on. Rows from before the database was restored
   * keep theirs (they may be in the log already); rows written since get the new one too: their ids may be in the log
   * for other events.
   */
  async startGeneration(atLeast: number): Promise<number> {
    return this.dataSource.transaction(async (tx) => {
      // Waits for writers under way: none of theirs may stay under the old generation unseen.
      await tx.query('LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE')
      const [[row]] = await tx.query<[{ generation: number; unverified: string | null }[], number]>(
        `UPDATE outbox_relay SET generation = greatest(generation + 1, $2) WHERE service = $1
         RETURNING generation, unverified_from AS unverified`,
        [this.service, atLeast],
      )
      if (!row) throw new TypeError(`the outbox of ${this.service} was never relayed`)
      await tx.query(`UPDATE outbox SET writer = 'outbox/' || $1::text || '/' || $2::int WHERE id > $3`, [
        this.service,
        row.generation,
        row.unverified,
      ])
      await tx.query('UPDATE outbox_relay SET unverified_from = NULL WHERE service = $1', [this.service])
      return row.generation
    })
  }
}
