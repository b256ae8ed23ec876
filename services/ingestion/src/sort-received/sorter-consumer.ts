import { topicList, topics } from '@banso/contracts'
import { type EventLog, GroupConsumer, type RunnerMetrics } from '@banso/messaging'
import { BansoError, type Logger, type Readiness, stopping } from '@banso/platform'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DataSource } from 'typeorm'
import { adoptKeys } from './adopt-keys.ts'
import { SORTER_GROUP, type Sorter } from './sorter.ts'

const RETRY_MS = 1_000

class SorterNotStartedError extends BansoError {
  override readonly code = 'SORTER_NOT_STARTED'
  override readonly status = 503
}

export interface SorterConsumerParts {
  readonly sorter: Sorter
  /** False where other processes sort: the topics are made here all the same. */
  readonly sorts: boolean
  readonly database: DataSource
  readonly log: EventLog
  readonly logger: Logger
  readonly metrics: RunnerMetrics
  readonly readiness: Readiness
}

/** Makes the topics, and runs the sorter over the raw log, from start to shutdown. */
export class SorterConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #consumer: GroupConsumer
  readonly #sorts: boolean
  readonly #database: DataSource
  readonly #log: EventLog
  readonly #logger: Logger
  readonly #stopping = new AbortController()
  #starting: Promise<void> | undefined
  #started = false
  #notYet = 'the sorter has not started yet'

  constructor({ sorter, sorts, database, readiness, ...parts }: SorterConsumerParts) {
    this.#sorts = sorts
    this.#database = database
    this.#log = parts.log
    this.#logger = parts.logger
    this.#consumer = new GroupConsumer({
      ...parts,
      group: SORTER_GROUP,
      topics: [topics.received],
      dataSource: database,
      processChunks: (chunks) => sorter.process(chunks),
      giveUp: (chunk, fault) => sorter.giveUp(chunk, fault),
    })
    readiness.add('sorter', () => this.#checkHealth())
  }

  /** The log may be away yet: capture spools meanwhile. */
  async onApplicationBootstrap(): Promise<void> {
    const firstTry = Promise.withResolvers<void>()
    this.#starting = this.#start(firstTry.resolve)
    await firstTry.promise
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping.abort()
    if (this.#starting) await stopping('the start of the sorter', this.#starting)
    await stopping('the sorter', this.#consumer.stop())
  }

  /** The log's id as positions name it. */
  logId(): Promise<string> {
    return this.#consumer.positions.logId()
  }

  async #start(tried: () => void): Promise<void> {
    const { signal } = this.#stopping
    while (!this.#started && !signal.aborted) {
      try {
        await this.#log.ensureTopics(topicList.filter(({ owner }) => owner === 'ingestion'))
        if (this.#sorts) await this.#startSorting()
        this.#started = true
      } catch (fault) {
        tried()
        if (fault instanceof BansoError) this.#notYet = `the sorter cannot start: ${fault.message}`
        this.#logger.warn({ err: fault }, 'the sorter cannot start yet')
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
    tried()
  }

  async #startSorting(): Promise<void> {
    const adopted = await adoptKeys(this.#log, this.#database, await this.logId())
    if (adopted > 0)
      this.#logger.warn({ adopted }, 'this database is older than the log: keys of accounts were taken from there')
    await this.#consumer.start()
  }

  async #checkHealth(): Promise<void> {
    if (!this.#started) throw new SorterNotStartedError(this.#notYet)
    if (this.#sorts) await this.#consumer.checkHealth()
  }
}
