import { type Clock, type Logger, ProblemError, stopping } from '@banso/platform'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'
import { writeKeyDigest } from '../domain/write-key.ts'
import type { Credentials, Desk, KeyHolder } from '../store/credentials.ts'
import { SenderTable } from './sender-table.ts'

// Half of what is promised: a revoked key is refused within two seconds.
const REFRESH_MS = 1_000

const unauthorized = (detail: string) => new ProblemError({ code: 'WRITE_KEY_INVALID', status: 401, detail })

/** Who may send: write keys and desks, kept in memory, so that capture asks the database nothing per request. */
export class KnownSenders implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #keys: SenderTable<KeyHolder>
  readonly #desks: SenderTable<Desk>
  #timer: NodeJS.Timeout | undefined
  #refreshing: Promise<void> | undefined

  constructor(
    credentials: Credentials,
    clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#keys = new SenderTable(clock, {
      all: (limit) => credentials.keys(limit),
      one: (digest) => credentials.key(digest),
      nameOf: ({ digest }) => digest,
    })
    this.#desks = new SenderTable(clock, {
      all: (limit) => credentials.desks(limit),
      one: (source) => credentials.desk(source),
      nameOf: ({ source }) => source,
    })
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#refresh()
    this.#timer = setInterval(() => {
      this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined))
    }, REFRESH_MS)
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer)
    if (this.#refreshing) await stopping('the refresh of the senders', this.#refreshing)
  }

  /** Throws 401 for a key that is none, 503 when that cannot be told: SDKs throw events away on a 401. */
  async keyHolder(writeKey: string | undefined): Promise<KeyHolder> {
    if (writeKey === undefined)
      throw unauthorized('there is no write key: it is the user name of HTTP Basic, or writeKey in the body')
    const holder = await this.#keys.find(writeKeyDigest(writeKey))
    if (!holder) throw unauthorized('the write key is not one of this installation, or was revoked')
    return holder
  }

  async desk(source: string): Promise<Desk> {
    const desk = await this.#desks.find(source)
    if (!desk)
      throw new ProblemError({
        code: 'SOURCE_NOT_FOUND',
        status: 404,
        detail: 'there is no Zendesk source of this name',
      })
    return desk
  }

  async #refresh(): Promise<void> {
    try {
      await this.#keys.refresh()
      await this.#desks.refresh()
    } catch (fault) {
      this.logger.warn({ err: fault }, 'write keys cannot be refreshed: known ones stay valid for an hour')
    }
  }
}
