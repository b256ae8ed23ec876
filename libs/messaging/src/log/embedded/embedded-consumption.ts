import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { Presence } from '../../presence/presence.ts'
import type { Lane, LaneFeed } from '../consuming/lane.ts'
import { Lanes } from '../consuming/lanes.ts'
import type { ConsumeOptions, Consumption, PartitionLag } from '../event-log.ts'
import { GroupMember, LEASE_MS, type Membership } from './membership.ts'
import { fetchRecords } from './read-records.ts'
import type { EmbeddedTopic } from './topics.ts'

/** Milliseconds. */
const BUSY_POLL_MS = 15
const IDLE_POLL_MS = 100
const POLL_GROWTH = 1.4
const BEAT_MS = 1_000
const BACK_OFF_MS = 500
/** Partitions fetched by one query, so that its answer stays small. */
const PARTITIONS_PER_FETCH = 8

/** One member of a group on the embedded log: beats for its leases and polls for its lanes. */
export class EmbeddedConsumption implements Consumption, LaneFeed {
  readonly #pool: Pool
  readonly #member: GroupMember
  readonly #lanes: Lanes
  readonly #topics: ReadonlyMap<string, EmbeddedTopic>
  readonly #onCrash: (fault: unknown) => void
  readonly #stopping = new AbortController()
  #leaseTimer: NodeJS.Timeout | undefined
  #loops: Promise<unknown> = Promise.resolve()
  #stopped: Promise<void> | undefined
  readonly #gone = Promise.withResolvers<void>()
  #alive = new Date()
  #crashed = false
  #turn = 0
  #wake = Promise.withResolvers<void>()

  constructor(
    database: { readonly pool: Pool; readonly presence: Presence },
    topics: readonly EmbeddedTopic[],
    options: ConsumeOptions,
  ) {
    this.#pool = database.pool
    this.#topics = new Map(topics.map((topic) => [topic.name, topic]))
    this.#member = new GroupMember(database, options.group, topics, () => this.#lanes.assign([]))
    this.#lanes = new Lanes(options, this, (name) => {
      const topic = this.#topicOf(name)
      return topic.compacted || topic.trimmed || topic.retentionMs !== null
    })
    this.#onCrash = (fault) => options.onCrash(fault)
  }

  start(): void {
    this.#loops = Promise.all([this.#beatLoop(), this.#pollLoop()])
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

  seek(): void {
    this.#wake.resolve()
  }

  resume(): void {
    this.#wake.resolve()
  }

  pause(): void {
    // A paused lane has no `fetchFrom` and is left out of the next query.
  }

  passed(): void {
    this.#alive = new Date()
  }

  crashed(fault: unknown): void {
    if (this.#crashed || this.#stopped) return
    this.#crashed = true
    void this.stop().finally(() => this.#onCrash(fault))
  }

  async #stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all([this.#loops, this.#lanes.close()])
    clearTimeout(this.#leaseTimer)
    // Where the database is away the leases run out by themselves.
    await this.#member.leave().catch(() => undefined)
  }

  async #beatLoop(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const beaten = await this.#beat().catch(() => false)
      await this.#rest(beaten ? BEAT_MS : BACK_OFF_MS)
    }
  }

  async #beat(): Promise<boolean> {
    const sentAt = performance.now()
    const { id, owned, surplus } = await this.#member.beat()
    if (this.#stopping.signal.aborted) return true
    this.#holdUntil(sentAt + LEASE_MS)
    this.#alive = new Date()
    this.#lanes.assign(owned)
    for (const partition of owned) this.#lanes.get(partition)?.sawEnd(partition.end)
    this.#handOver(id, surplus)
    return true
  }

  #handOver(id: string, surplus: Membership['surplus']): void {
    const lanes = surplus.flatMap((partition) => this.#lanes.get(partition) ?? [])
    for (const lane of lanes) {
      void this.#lanes
        .lose(lane)
        .then(() => this.#member.release(id, [lane]))
        .catch(() => undefined) // then the next beat finds it among the surplus again, or it has run out
    }
  }

  /** Nothing is processed under leases that could not be renewed in time. `at` on the clock of `performance.now`. */
  #holdUntil(at: number): void {
    clearTimeout(this.#leaseTimer)
    this.#leaseTimer = setTimeout(() => this.#lanes.assign([]), at - performance.now())
  }

  async #pollLoop(): Promise<void> {
    let pauseMs = BUSY_POLL_MS
    while (!this.#stopping.signal.aborted) {
      this.#wake = Promise.withResolvers()
      const found = await this.#poll().catch(() => this.#rest(BACK_OFF_MS))
      pauseMs = found ? BUSY_POLL_MS : Math.min(pauseMs * POLL_GROWTH, IDLE_POLL_MS)
      // A lane that has room again or was sought wants its records now.
      await Promise.race([this.#rest(pauseMs), this.#wake.promise])
    }
  }

  async #poll(): Promise<boolean> {
    const wanted = this.#inTurn(this.#lanes.all()).flatMap(({ topic, partition, fetchFrom }) =>
      fetchFrom === undefined ? [] : [{ topic, partition, from: fetchFrom }],
    )
    if (wanted.length === 0) return false
    const bounds = { ...this.#lanes.bounds, partitions: PARTITIONS_PER_FETCH }
    const fetched = await fetchRecords(this.#pool, wanted, (name) => this.#topicOf(name), bounds)
    for (const { topic, partition, from, records, end } of fetched) {
      const lane = this.#lanes.get({ topic, partition })
      if (lane?.fetchFrom !== from) continue // sought, lost or paused meanwhile
      if (end < from) lane.lostPosition()
      else lane.offer(records, end)
    }
    return fetched.length > 0
  }

  /** Another partition is first each time: one query takes only some of those that have news. */
  #inTurn(lanes: readonly Lane[]): readonly Lane[] {
    this.#turn += PARTITIONS_PER_FETCH
    const first = lanes.length > 0 ? this.#turn % lanes.length : 0
    return [...lanes.slice(first), ...lanes.slice(0, first)]
  }

  #topicOf(name: string): EmbeddedTopic {
    const topic = this.#topics.get(name)
    if (!topic) throw new Error(`${name} is not consumed here`)
    return topic
  }

  async #rest(ms: number): Promise<false> {
    await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
    return false
  }
}
