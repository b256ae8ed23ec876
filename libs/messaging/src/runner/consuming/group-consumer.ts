import type { TopicDeclaration } from '@banso/contracts'
import { BansoError, type Logger } from '@banso/platform'
import type { DataSource } from 'typeorm'
import { endProcess } from '../../end-process.ts'
import type { Consumption, EventLog, PartitionLag, TopicPartition } from '../../log/event-log.ts'
import { WakeUp } from '../../outbox/wake-up.ts'
import { WorkerLoop } from '../../outbox/worker-loop.ts'
import type { RunnerMetrics } from '../metrics.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import { GroupPositions } from './group-positions.ts'
import { PartitionConsumer } from './partition-consumer.ts'
import { ChunkRounds } from './chunk-rounds.ts'
import type { ChunkRequest, ChunkResult, ProcessChunks } from './process-chunk.ts'

export interface GroupConsumerOptions {
  /** Its progress is kept in `dataSource` under this name. */
  readonly group: string
  readonly topics: readonly TopicDeclaration[]
  readonly dataSource: DataSource
  readonly log: EventLog
  readonly logger: Logger
  readonly metrics: RunnerMetrics
  readonly processChunks: ProcessChunks
  /**
   * Puts the only record of a chunk aside that fails though the infrastructure is well. Absent: such a record is tried
   * again without end.
   */
  readonly giveUp?: (chunk: ChunkRequest, fault: unknown) => Promise<ChunkResult>
  /** The consumption ended by itself and will not come back: the process must. Default: `endProcess`. */
  readonly onCrash?: (fault: unknown) => void
}

/** A consumption that shows no sign of life for so long is not well. Milliseconds. */
const SILENT_MS = 30_000
const LOOK_EVERY_MS = 1_000

/** A consumer group is stopped, or cannot go on in a partition, or is silent. */
export class ConsumerNotWellError extends BansoError {
  override readonly code = 'CONSUMER_NOT_WELL'
  override readonly status = 503
}

/**
 * Consumes topics in a group from its positions: checks them at every assignment, cuts chunks, backs off while the
 * infrastructure is away, stops for good when the log is not the one it knew. When a rebuild or a resume has raised the
 * group's epoch, it begins anew at the positions that these have set.
 */
export class GroupConsumer {
  readonly positions: GroupPositions
  readonly #partitions = new Map<string, PartitionConsumer>()
  readonly #epochs: WorkerLoop
  readonly #rounds: ChunkRounds
  #consumption: Consumption | undefined
  /** When it consumed last, while there is no consumption: to begin anew may fail for long. */
  #leftAt = Date.now()
  #epoch = 0
  #lookAt = 0

  constructor(private readonly options: GroupConsumerOptions) {
    const { group, logger } = options
    this.positions = new GroupPositions(options)
    this.#rounds = new ChunkRounds(options.processChunks)
    const step = () => this.#followEpoch()
    this.#epochs = new WorkerLoop({ name: `epochs of ${group}`, step, wake: new WakeUp(), logger })
  }

  async start(): Promise<void> {
    const { group, dataSource, metrics } = this.options
    this.#epoch = (await consumerGroups.open(dataSource.manager, group)).epoch
    await this.positions.checkLog()
    await this.#consume()
    metrics.watch(group, this)
    this.#epochs.start()
  }

  /** Resolves when no chunk is under way. */
  async stop(): Promise<void> {
    this.options.metrics.forget(this.options.group)
    await this.#epochs.stop()
    await this.#leave()
  }

  /** Of the partitions that this instance consumes now. */
  lag(): readonly PartitionLag[] {
    return this.#consumption?.assignment() ?? []
  }

  /** When it last showed a sign of life. */
  aliveAt(): Date {
    return this.#consumption?.aliveAt() ?? new Date(this.#leftAt)
  }

  /** Rejects with a `ConsumerNotWellError`. */
  async checkHealth(): Promise<void> {
    const { group, dataSource } = this.options
    const found = await consumerGroups.find(dataSource.manager, group)
    if (found?.state === 'stopped') throw new ConsumerNotWellError(`${group} is stopped: ${found.reason}`)
    const silentMs = Date.now() - this.aliveAt().getTime()
    if (silentMs > SILENT_MS) throw new ConsumerNotWellError(`${group} has shown no sign of life for ${silentMs} ms`)
    const assigned = new Set(this.lag().map(nameOf))
    const degraded = [...this.#partitions].filter(([name, one]) => assigned.has(name) && one.degraded)
    if (degraded.length > 0)
      throw new ConsumerNotWellError(`${group} cannot go on in ${degraded.map(([name]) => name).join(', ')}`)
  }

  async #consume(): Promise<void> {
    const { group, topics, log } = this.options
    this.#consumption = await log.consume({
      group,
      topics: topics.map((topic) => topic.name),
      start: (at) => this.#partition(at).start(),
      onBatch: (batch, signal) => this.#partition(batch).consume(batch, signal),
      onCrash: (fault) => this.#crashed(fault),
    })
  }

  async #leave(): Promise<void> {
    const consumption = this.#consumption
    this.#consumption = undefined
    this.#leftAt = Date.now()
    await consumption?.stop()
  }

  // An idle partition would not learn of its new position: nothing is handed to it.
  async #followEpoch(): Promise<boolean> {
    if (performance.now() < this.#lookAt) return false
    this.#lookAt = performance.now() + LOOK_EVERY_MS
    const { group, dataSource, logger } = this.options
    const found = await consumerGroups.find(dataSource.manager, group)
    if (!found || (found.epoch === this.#epoch && this.#consumption)) return false
    logger.info({ group, epoch: found.epoch }, 'the group begins anew at its positions')
    await this.#leave()
    await this.#consume()
    this.#epoch = found.epoch
    return false
  }

  #partition(at: TopicPartition): PartitionConsumer {
    const name = nameOf(at)
    const known = this.#partitions.get(name)
    if (known) return known
    const { topic, partition } = at
    const { group, logger, metrics, giveUp } = this.options
    const consumer = new PartitionConsumer(
      { topic, partition },
      {
        positions: this.positions,
        logger: logger.child({ group }),
        process: (chunk) => this.#rounds.run(chunk),
        giveUp: giveUp ?? (async (_chunk, fault) => Promise.reject(fault)),
        paused: () => metrics.pauses.inc({ group, topic }),
      },
    )
    this.#partitions.set(name, consumer)
    return consumer
  }

  #crashed(fault: unknown): void {
    this.options.logger.fatal({ err: fault, group: this.options.group }, 'the consumption ended by itself')
    const { onCrash = endProcess } = this.options
    onCrash(fault)
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`
