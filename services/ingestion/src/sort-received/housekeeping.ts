import { topics } from '@banso/contracts'
import type { EventLog } from '@banso/messaging'
import { type Clock, type Logger, stopping } from '@banso/platform'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'
import type { DataSource } from 'typeorm'
import { receipts } from '../store/receipts.ts'
import { trimMarks } from '../store/trim-marks.ts'

const DAY_MS = 86_400_000
const INTERVAL_MS = 60_000
const ROWS_PER_DELETE = 5_000

export interface HousekeepingParts {
  readonly database: DataSource
  readonly log: EventLog
  /** The log's id as positions name it. */
  readonly logId: () => Promise<string>
  readonly clock: Clock
  readonly logger: Logger
  readonly rawRetentionDays: number
  readonly receiptDays: number
}

/** Deletes what is old: raw records that were passed, and receipts beyond their window. Once a minute. */
export class Housekeeping implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(private readonly parts: HousekeepingParts) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      this.#running ??= this.#round().finally(() => (this.#running = undefined))
    }, INTERVAL_MS)
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    if (this.#running) await stopping('the housekeeping', this.#running)
  }

  async #round(): Promise<void> {
    try {
      await this.trimRaw()
      await this.forgetReceipts()
    } catch (fault) {
      this.parts.logger.warn({ err: fault }, 'housekeeping failed and is tried again in a minute')
    }
  }

  /** Raw records passed on a day that lies wholly more than the retention back. */
  async trimRaw(): Promise<void> {
    const { database, log, rawRetentionDays } = this.parts
    const { manager } = database
    const logId = await this.parts.logId()
    for (const mark of await trimMarks.before(manager, logId, this.#daysAgo(rawRetentionDays))) {
      await log.trim({ topic: topics.received.name, partition: mark.partition }, mark.offset)
      await trimMarks.clear(manager, logId, mark)
    }
  }

  async forgetReceipts(): Promise<void> {
    const { database, receiptDays } = this.parts
    for (let deleted = ROWS_PER_DELETE; deleted === ROWS_PER_DELETE && !this.#stopped;)
      deleted = await receipts.forget(database.manager, this.#daysAgo(receiptDays), ROWS_PER_DELETE)
  }

  #daysAgo(days: number): string {
    return new Date(this.parts.clock.now().getTime() - days * DAY_MS).toISOString().slice(0, 10)
  }
}
