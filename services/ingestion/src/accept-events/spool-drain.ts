import { topics } from '@banso/contracts'
import { type EventLog, partitionOf } from '@banso/messaging'
import type { Logger } from '@banso/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Spool } from '../store/spool.ts'

const ROWS_PER_APPEND = 500
const RETRY_MS = 1_000

/** Moves spooled records to the log, in their order. */
export class SpoolDrain {
  readonly #stop = new AbortController()

  constructor(
    private readonly spool: Spool,
    private readonly log: EventLog,
    private readonly logger: Logger,
  ) {}

  /**
   * Moves until little is left, then asks `finish` to move the rest with `moveAll` while nothing is added; again, until
   * `finish` says that it is done. Log and database may be away meanwhile.
   */
  async run(finish: (moveAll: () => Promise<void>) => Promise<boolean>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        const full = (await this.#moveSome()) === ROWS_PER_APPEND
        if (!full && (await finish(() => this.#moveAll()))) return
      } catch (fault) {
        this.logger.warn({ err: fault }, 'spooled events could not be moved to the log and are tried again')
        await sleep(RETRY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined)
      }
    }
  }

  stop(): void {
    this.#stop.abort()
  }

  async #moveAll(): Promise<void> {
    while ((await this.#moveSome()) === ROWS_PER_APPEND);
  }

  /** A record that was moved but not yet removed is moved again: its receipt drops the repeat. */
  async #moveSome(): Promise<number> {
    const rows = await this.spool.next(ROWS_PER_APPEND)
    if (rows.length === 0) return 0
    const topic = topics.received.name
    await this.log.append(
      rows.map(({ key, value, headers }) => ({ topic, partition: partitionOf(topic, key), key, value, headers })),
    )
    await this.spool.remove(rows.map(({ id }) => id))
    return rows.length
  }
}
