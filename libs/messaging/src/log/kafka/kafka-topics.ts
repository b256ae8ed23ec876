import { setTimeout as wait } from 'node:timers/promises'
import { MIN_COMPACTION_LAG_MS, type TopicDeclaration } from '@banso/contracts'
import kafkajs, { type Admin } from 'kafkajs'
import { TopicMismatchError } from '../errors.ts'
import { type LogFacts, MISSING, type PartitionPositions, type TopicDifferences } from '../event-log.ts'
import { brokerVersion } from './broker-version.ts'
import { createKafka, type KafkaClientOptions, RETRY } from './client.ts'
import { refusalOf, told } from './refusal.ts'
import { mismatches, settingsOf } from './topic-settings.ts'

// Node finds only some of kafkajs's exports by name
const { ConfigResourceTypes, KafkaJSProtocolError } = kafkajs

const REQUEST_TIMEOUT_MS = 20_000
const MAKE_TIMEOUT_MS = 30_000
const PAUSE_MS = 100
const LEADER_WAIT_MS = 5_000
const MOST_REPLICAS = 3

export interface KafkaTopicsOptions {
  /** Younger records of compacted topics stay; milliseconds. */
  readonly minCompactionLagMs?: number | undefined
  /** How long a leader is asked again that was elected a moment ago and does not know it yet; milliseconds. */
  readonly leaderWaitMs?: number
}

/**
 * What is asked of the cluster itself. Each call connects anew: it is rare, and so it survives any broker. On one client for all,
 * kafkajs leaves unanswered, for the whole timeout, what is asked while another call that failed closes the socket.
 */
export class KafkaTopics {
  readonly #options: KafkaClientOptions
  readonly #minCompactionLagMs: number
  readonly #leaderWaitMs: number

  constructor(options: KafkaClientOptions, limits: KafkaTopicsOptions = {}) {
    this.#options = options
    this.#minCompactionLagMs = limits.minCompactionLagMs ?? MIN_COMPACTION_LAG_MS
    this.#leaderWaitMs = limits.leaderWaitMs ?? LEADER_WAIT_MS
  }

  clusterId(): Promise<string> {
    return this.#asAdmin(async (admin) => (await admin.describeCluster()).clusterId)
  }

  /** Makes what is missing; `TopicMismatchError` for what is there with other settings. */
  async ensure(declarations: readonly TopicDeclaration[]): Promise<void> {
    await this.#asAdmin((admin) => this.#makeMissing(admin, declarations))
    await this.#awaitLeaders(declarations.map(({ name }) => name))
    const faults = await this.#asAdmin((admin) => this.#differences(admin, declarations))
    if (faults.length > 0)
      throw new TopicMismatchError(
        faults.map(({ topic, differences }) => `topic ${topic}: ${differences.join('; ')}`).join('\n'),
      )
  }

  inspect(declarations: readonly TopicDeclaration[]): Promise<LogFacts> {
    return this.#asAdmin(async (admin) => {
      const { brokers, clusterId } = await admin.describeCluster()
      const there = new Set(await admin.listTopics())
      const [found, missing] = [true, false].map((is) => declarations.filter(({ name }) => there.has(name) === is))
      const topics = [
        ...(missing ?? []).map(({ name }) => ({ topic: name, differences: [MISSING] })),
        ...(await this.#differences(admin, found ?? [])),
      ]
      return { kind: 'kafka', id: clusterId, version: await brokerVersion(admin, brokers), database: null, topics }
    })
  }

  async positions(topic: string): Promise<readonly PartitionPositions[]> {
    const deadline = Date.now() + this.#leaderWaitMs
    for (;;) {
      try {
        return await this.#asAdmin((admin) => positionsOf(admin, topic))
      } catch (fault) {
        if (!isOfType(fault, LEADERLESS) || Date.now() > deadline) throw fault
      }
      await wait(PAUSE_MS)
    }
  }

  /** As `positions`, of several topics by one connection; rejects while a partition has no leader. */
  ends(topics: ReadonlySet<string>): Promise<readonly PartitionPositions[]> {
    return this.#asAdmin(async (admin) => {
      const found: PartitionPositions[] = []
      for (const topic of topics) found.push(...(await positionsOf(admin, topic)))
      return found
    })
  }

  /** `before` beyond the end counts as the end; at or before the start nothing happens. */
  trim(topic: string, partition: number, before: number): Promise<void> {
    return this.#asAdmin(async (admin) => {
      // This call also makes the leader of the partition known to the admin client, which deleting relies on.
      const there = (await positionsOf(admin, topic)).find((position) => position.partition === partition)
      if (!there) throw new TopicMismatchError(`${topic} has no partition ${partition}`)
      const offset = Math.min(before, there.end)
      if (offset <= there.start) return
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
    })
  }

  async #makeMissing(admin: Admin, declarations: readonly TopicDeclaration[]): Promise<void> {
    const deadline = Date.now() + MAKE_TIMEOUT_MS
    for (;;) {
      const there = new Set(await admin.listTopics())
      const missing = declarations.filter(({ name }) => !there.has(name))
      if (missing.length === 0) return
      try {
        await this.#make(admin, missing)
      } catch (fault) {
        // Another process made some of them at the same time: look again.
        if (Date.now() > deadline || refusalOf(fault)) throw fault
        await wait(PAUSE_MS)
      }
    }
  }

  async #make(admin: Admin, declarations: readonly TopicDeclaration[]): Promise<void> {
    const { brokers } = await admin.describeCluster()
    await admin.createTopics({
      waitForLeaders: true,
      timeout: REQUEST_TIMEOUT_MS,
      topics: declarations.map((declared) => ({
        topic: declared.name,
        numPartitions: declared.partitions,
        replicationFactor: Math.min(MOST_REPLICAS, brokers.length),
        configEntries: Object.entries(settingsOf(declared, this.#minCompactionLagMs)).map(([name, value]) => ({
          name,
          value,
        })),
      })),
    })
  }

  /**
   * A topic that has just been made is listed before it can be used: who subscribes then is assigned nothing, and a broker that
   * is named as the leader of a partition does not know it yet. Each try has a client of its own, because kafkajs keeps for
   * minutes what it was told of leaders.
   */
  async #awaitLeaders(names: readonly string[]): Promise<void> {
    const deadline = Date.now() + MAKE_TIMEOUT_MS
    for (;;) {
      try {
        return await this.#asAdmin((admin) => expectLeaders(admin, names))
      } catch (fault) {
        if (Date.now() > deadline || refusalOf(fault)) throw fault
      }
      await wait(PAUSE_MS)
    }
  }

  /** Of topics that are there. */
  async #differences(admin: Admin, declarations: readonly TopicDeclaration[]): Promise<TopicDifferences[]> {
    if (declarations.length === 0) return []
    const { topics } = await admin.fetchTopicMetadata({ topics: declarations.map(({ name }) => name) })
    const partitions = new Map(topics.map((topic) => [topic.name, topic.partitions.length]))
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: declarations.map(({ name }) => ({ type: ConfigResourceTypes.TOPIC, name })),
    })
    const compared = declarations.map((declared) => {
      const entries = resources.find(({ resourceName }) => resourceName === declared.name)?.configEntries ?? []
      const found = Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]))
      const counted = partitions.get(declared.name) ?? 0
      return { topic: declared.name, differences: mismatches(declared, counted, found, this.#minCompactionLagMs) }
    })
    return compared.filter(({ differences }) => differences.length > 0)
  }

  async #asAdmin<R>(ask: (admin: Admin) => Promise<R>): Promise<R> {
    const admin = createKafka(this.#options, REQUEST_TIMEOUT_MS).admin({ retry: { ...RETRY, retries: 3 } })
    try {
      await admin.connect()
      return await ask(admin)
    } catch (fault) {
      return told(fault)
    } finally {
      await admin.disconnect().catch(() => undefined)
    }
  }
}

/** Rejects while a partition has no leader that answers: only leaders tell offsets. */
const expectLeaders = async (admin: Admin, names: readonly string[]): Promise<void> => {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] })
  const waiting = topics.filter(({ partitions }) => partitions.some(({ leader }) => leader < 0))
  if (waiting.length > 0) throw new Error(`partitions of ${waiting.map(({ name }) => name).join(', ')} have no leader`)
  for (const name of names) await admin.fetchTopicOffsets(name)
}

const positionsOf = async (admin: Admin, topic: string): Promise<readonly PartitionPositions[]> => {
  try {
    const offsets = await admin.fetchTopicOffsets(topic)
    return offsets
      .map(({ partition, low, high }) => ({ topic, partition, start: Number(low), end: Number(high) }))
      .toSorted((a, b) => a.partition - b.partition)
  } catch (fault) {
    if (isOfType(fault, ['UNKNOWN_TOPIC_OR_PARTITION']))
      throw new TopicMismatchError(`there is no topic ${topic} in the log`, { cause: fault })
    throw fault
  }
}

const LEADERLESS = ['LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']

const isOfType = (fault: unknown, types: readonly string[]): boolean =>
  (fault instanceof KafkaJSProtocolError && types.includes(fault.type)) ||
  (fault instanceof Error && fault.cause !== undefined && isOfType(fault.cause, types))
