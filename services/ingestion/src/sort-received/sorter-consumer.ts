import { topicList, topics } from '@banso/contracts'
import { type EventLog, GroupConsumer, type RunnerMetrics } from '@banso/messaging'
import type { Logger, Readiness } from '@banso/platform'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'
import type { DataSource } from 'typeorm'
import { SORTER_GROUP, type Sorter } from './sorter.ts'

export interface SorterConsumerParts {
  readonly sorter: Sorter
  readonly database: DataSource
  readonly log: EventLog
  readonly logger: Logger
  readonly metrics: RunnerMetrics
  readonly readiness: Readiness
  /** The consumption has ended by itself: the process is of no more use. */
  readonly onCrash: (fault: unknown) => void
}

/** Runs the sorter over the raw log, from start to shutdown. */
export class SorterConsumer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #consumer: GroupConsumer
  readonly #log: EventLog

  constructor({ sorter, database, readiness, ...parts }: SorterConsumerParts) {
    this.#log = parts.log
    this.#consumer = new GroupConsumer({
      ...parts,
      group: SORTER_GROUP,
      topics: [topics.received],
      dataSource: database,
      processChunk: (chunk) => sorter.process(chunk),
      giveUp: (chunk, fault) => sorter.giveUp(chunk, fault),
    })
    readiness.add('sorter', () => this.#consumer.checkHealth())
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#log.ensureTopics(topicList.filter(({ owner }) => owner === 'ingestion'))
    await this.#consumer.start()
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#consumer.stop()
  }

  /** The log's id as positions name it. */
  logId(): Promise<string> {
    return this.#consumer.positions.logId()
  }
}
