import { topicNamed, type TopicDeclaration } from '@banso/contracts'
import type { Logger } from '@banso/platform'
import type { DataSource } from 'typeorm'
import type { EventLog, PartitionPositions, TopicPartition } from '../../log/event-log.ts'
import { isHeld } from '../chunk/admission.ts'
import { checkLog, checkPosition, fetchFrom } from '../progress/check-position.ts'
import { consumerGroups, logIdOf } from '../progress/consumer-groups.ts'
import { ConsumerProgress, type Position } from '../progress/consumer-progress.ts'

/** One look at a topic's bounds serves all its partitions that are assigned together. Milliseconds. */
const BOUNDS_FRESH_MS = 1_000

export interface GroupPositionsOptions {
  readonly group: string
  readonly dataSource: DataSource
  readonly log: Pick<EventLog, 'id' | 'positions'>
  readonly logger: Logger
}

export interface Start {
  /** Where to fetch from: the position, or one before it to compare that record. */
  readonly from: number
  readonly position: Position
}

/**
 * Where a consumer group starts in the partitions that it is assigned: at its progress rows, after checking that they
 * still mean what they meant. A log that was made anew stops the group.
 */
export class GroupPositions {
  readonly progress: ConsumerProgress
  readonly #bounds = new Map<
    string,
    { readonly until: number; readonly bounds: Promise<readonly PartitionPositions[]> }
  >()

  constructor(private readonly options: GroupPositionsOptions) {
    this.progress = new ConsumerProgress(options.group)
  }

  /** Stops the group when it knows another log. Its partitions, at which this is found, too, may be assigned much later. */
  async checkLog(): Promise<void> {
    const { group, dataSource, log } = this.options
    const id = await log.id()
    const { epoch, logCounter } = await consumerGroups.open(dataSource.manager, group)
    const positions = await this.progress.all(dataSource.manager) // after the epoch: a resume between is not undone
    const [fault] = positions.flatMap((position) => checkLog(position, logIdOf(id, logCounter)) ?? [])
    if (fault !== undefined) await this.stop(fault, { epoch })
  }

  /** undefined: the partition must not be consumed now; ask again. */
  async start(at: TopicPartition): Promise<Start | undefined> {
    const topic = topicNamed(at.topic)
    if (!topic) throw new Error(`${at.topic} is not a topic of ours`)
    const id = await this.options.log.id()
    const position = await this.progress.open(this.options.dataSource.manager, at, id)
    if (position.state === 'stopped' || isHeld(position)) return undefined
    const fault = await this.#faultOf(position, logIdOf(id, position.logCounter), topic)
    if (fault === undefined) return { from: fetchFrom(position, topic), position }
    await this.stop(fault, position)
    return undefined
  }

  /** Stops the group, on every instance, until it is resumed; not when it was since the position was read. */
  async stop(reason: string, { epoch }: Pick<Position, 'epoch'>): Promise<void> {
    const { group, dataSource, logger } = this.options
    if (await consumerGroups.stop(dataSource.manager, group, reason, epoch))
      logger.error({ group, reason }, 'the consumer group stops: its positions do not fit the log')
  }

  /** The log's id as the group's positions name it. */
  async logId(): Promise<string> {
    const { group, dataSource, log } = this.options
    const [id, { logCounter }] = await Promise.all([log.id(), consumerGroups.open(dataSource.manager, group)])
    return logIdOf(id, logCounter)
  }

  async #faultOf(position: Position, logId: string, topic: TopicDeclaration): Promise<string | undefined> {
    const faultIn = (bounds: readonly PartitionPositions[]): string | undefined =>
      checkPosition(position, logId, inPartition(bounds, position.partition), topic)
    const known = this.#bounds.get(topic.name)
    // Bounds that are older than the position may end before it: only ones read after it can tell a fault.
    if (known && known.until > performance.now() && faultIn(await known.bounds) === undefined) return undefined
    const bounds = this.options.log.positions(topic.name)
    this.#bounds.set(topic.name, { until: performance.now() + BOUNDS_FRESH_MS, bounds })
    return faultIn(await bounds)
  }
}

const inPartition = (bounds: readonly PartitionPositions[], partition: number): PartitionPositions | undefined =>
  bounds.find((one) => one.partition === partition)
