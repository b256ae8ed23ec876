import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload } from 'kafkajs'
import type { Presence } from '../../presence/presence.ts'
import type { Lane, LaneFeed } from '../consuming/lane.ts'
import { laneName, Lanes } from '../consuming/lanes.ts'
import type { ConsumeOptions, Consumption, PartitionLag, TopicPartition } from '../event-log.ts'
import { createKafka, type KafkaClientOptions, RETRY } from './client.ts'
import { FormerMembers } from './former-members.ts'
import { toLogRecord } from './records.ts'
import { vouchedRoundRobin } from './vouched-assigner.ts'

/** Milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000
const HEARTBEAT_MS = 2_000
const REBALANCE_TIMEOUT_MS = 30_000
const METADATA_MAX_AGE_MS = 30_000
/** A partition that may be fetched again waits for the long poll under way. */
const LONG_POLL_MS = 250
const FETCH_BYTES_PER_PARTITION = 524_288
const FETCH_BYTES = 5_242_880
const SHOW_LAG_EVERY_MS = 5_000
const RUN_AGAIN_MS = 500

export interface KafkaConsumptionOptions extends ConsumeOptions {
  readonly client: KafkaClientOptions
  readonly sessionTimeoutMs: number
  /** Absent: only its session tells that a member is gone. */
  readonly presence?: Presence | undefined
  readonly mayHaveGaps: (topic: string) => boolean
  /** Where the partitions of some topics end now. */
  readonly ends: (topics: ReadonlySet<string>) => Promise<readonly (TopicPartition & { readonly end: number })[]>
}

/**
 * One member of a Kafka group. kafkajs fetches, divides the partitions and gives the signs of life; its loop never waits
 * for a batch: that is buffered, and the partition paused while it has enough.
 */
export class KafkaConsumption implements Consumption, LaneFeed {
  readonly #options: KafkaConsumptionOptions
  readonly #consumer: Consumer
  readonly #former: FormerMembers
  readonly #lanes: Lanes
  readonly #passed = new Map<string, TopicPartition & { offset: string }>()
  #assigned: readonly TopicPartition[] = []
  #sessionTimer: NodeJS.Timeout | undefined
  #lagTimer: NodeJS.Timeout | undefined
  #againTimer: NodeJS.Timeout | undefined
  #sessionLost = false
  #stopped: Promise<void> | undefined
  readonly #gone = Promise.withResolvers<void>()
  #alive = new Date()
  #crashed = false

  constructor(options: KafkaConsumptionOptions) {
    this.#options = options
    this.#former = new FormerMembers(options.client, options.group)
    this.#lanes = new Lanes(options, this, options.mayHaveGaps)
    this.#consumer = createKafka(options.client, REQUEST_TIMEOUT_MS).consumer({
      groupId: options.group,
      partitionAssigners: [vouchedRoundRobin(() => options.presence?.present?.newId())],
      sessionTimeout: options.sessionTimeoutMs,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: LONG_POLL_MS,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      maxBytesPerPartition: FETCH_BYTES_PER_PARTITION,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
      readUncommitted: false,
      // kafkajs asks when it has already left the group: one that was stopped meanwhile must not come back.
      retry: { ...RETRY, restartOnFailure: async () => this.#stopped === undefined },
    })
    this.#listen()
  }

  async start(): Promise<void> {
    try {
      await this.#run()
    } catch (fault) {
      await this.stop()
      throw fault
    }
  }

  async #run(): Promise<void> {
    await this.#consumer.connect()
    await this.#presentAlone()
    // Where a partition begins is asked of the caller; this only says what an offset that is gone turns into.
    await this.#consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true })
    if (this.#stopped) return this.#consumer.disconnect()
    this.#lagTimer = setInterval(() => void this.#showLag(), SHOW_LAG_EVERY_MS)
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.#take(payload),
    })
  }

  /** Before it joins: those that are gone are out of the group, and it can say who vouches for it. */
  async #presentAlone(): Promise<void> {
    const { presence } = this.#options
    if (!presence) return
    await presence.session().catch(() => undefined)
    await this.#former.takeOutGone(presence)
  }

  /**
   * kafkajs gives up for good when no broker names the group's coordinator, as in a cluster that has just started. Until
   * one does, this member shows no sign of life.
   */
  #runAgain(): void {
    clearInterval(this.#lagTimer)
    this.#againTimer = setTimeout(() => {
      this.#run().catch(() => {
        if (!this.#stopped) this.#runAgain()
      })
    }, RUN_AGAIN_MS)
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop().finally(this.#gone.resolve)
    return this.#stopped
  }

  /** Resolves when it has stopped, of itself or not. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  assignment(): readonly PartitionLag[] {
    return this.#lanes.assignment()
  }

  aliveAt(): Date {
    return this.#alive
  }

  seek({ topic, partition }: Lane, offset: number): void {
    this.#tell(() => this.#consumer.seek({ topic, partition, offset: String(offset) }))
  }

  pause({ topic, partition }: Lane): void {
    this.#tell(() => this.#consumer.pause([{ topic, partitions: [partition] }]))
  }

  resume({ topic, partition }: Lane): void {
    this.#tell(() => this.#consumer.resume([{ topic, partitions: [partition] }]))
  }

  passed({ topic, partition }: Lane, next: number): void {
    this.#alive = new Date()
    this.#passed.set(laneName({ topic, partition }), { topic, partition, offset: String(next) })
  }

  crashed(fault: unknown): void {
    if (this.#crashed || this.#stopped) return
    this.#crashed = true
    void this.stop().finally(() => this.#options.onCrash(fault))
  }

  #listen(): void {
    const { events } = this.#consumer
    this.#consumer.on(events.GROUP_JOIN, (event) => this.#joined(event))
    this.#consumer.on(events.HEARTBEAT, () => this.#beat())
    this.#consumer.on(events.CRASH, ({ payload }) => {
      // kafkajs has left the group; it comes back by itself, or not at all.
      this.#lanes.assign([])
      if (this.#stopped) return
      void this.#former.leave()
      if (payload.restart) return
      if (payload.error.name === 'KafkaJSGroupCoordinatorNotFound') this.#runAgain()
      else this.crashed(payload.error)
    })
  }

  #joined({ payload }: ConsumerGroupJoinEvent): void {
    if (this.#stopped) return
    this.#former.joined(payload.memberId)
    this.#assigned = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    )
    // A new generation has forgotten where every partition stood: tell it before it fetches anything.
    const kept = this.#lanes.all()
    this.#lanes.assign(this.#assigned)
    for (const lane of kept) if (this.#lanes.get(lane) === lane) lane.restoreFeed()
    this.#sessionLost = false
    this.#beat()
  }

  #beat(): void {
    this.#alive = new Date()
    if (this.#stopped) return
    if (this.#sessionLost) this.#lanes.assign(this.#assigned)
    this.#sessionLost = false
    clearTimeout(this.#sessionTimer)
    // Without a sign of life the group gives the partitions to others: nothing is processed here any longer.
    this.#sessionTimer = setTimeout(() => {
      this.#sessionLost = true
      this.#lanes.assign([])
    }, this.#options.sessionTimeoutMs)
  }

  /** Nothing thrown may reach kafkajs: it stops consuming for good on an error of the language. */
  async #take(payload: EachBatchPayload): Promise<void> {
    try {
      const { batch } = payload
      const { topic, partition } = batch
      const lane = this.#lanes.get({ topic, partition })
      if (!lane || payload.isStale()) return
      const records = batch.messages.map((message) => toLogRecord({ topic, partition }, message))
      if (lane.offer(records, Number(batch.highWatermark))) payload.resolveOffset(batch.lastOffset())
    } catch (fault) {
      this.crashed(fault)
    }
  }

  /** Committed offsets and ends are for displays alone: nothing depends on them, a failure is made good next time. */
  async #showLag(): Promise<void> {
    const passed = [...this.#passed.values()]
    this.#passed.clear()
    try {
      if (passed.length > 0) await this.#consumer.commitOffsets(passed)
      // What is fetched tells its end, and idle partitions stand at it: only what is not fetched now is asked for.
      const unseen = this.#lanes.all().filter(({ fetchFrom }) => fetchFrom === undefined)
      if (unseen.length === 0) return
      const ends = await this.#options.ends(new Set(unseen.map(({ topic }) => topic)))
      for (const partition of ends) this.#lanes.get(partition)?.sawEnd(partition.end)
    } catch {
      // shown next time
    }
  }

  /** Before it runs, and while it restarts, kafkajs refuses; lanes tell it again when the group is joined. */
  #tell(command: () => void): void {
    try {
      command()
    } catch {
      // told again by `restoreFeed`
    }
  }

  async #stop(): Promise<void> {
    this.#former.stop()
    clearTimeout(this.#sessionTimer)
    clearInterval(this.#lagTimer)
    clearTimeout(this.#againTimer)
    await this.#lanes.close()
    await this.#showLag()
    await this.#consumer.disconnect().catch(() => undefined)
    clearTimeout(this.#sessionTimer)
  }
}
