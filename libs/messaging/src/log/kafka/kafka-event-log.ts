import { type TopicDeclaration, topicNamed } from '@banso/contracts'
import { AppendError, TopicMismatchError } from '../errors.ts'
import type {
  AppendRecord,
  ConsumeOptions,
  Consumption,
  EventLog,
  LogFacts,
  LogRecord,
  PartitionPositions,
  TopicPartition,
} from '../event-log.ts'
import type { Presence } from '../../presence/presence.ts'
import type { LogNotices } from '../notices.ts'
import { refuseTooLarge } from '../record-size.ts'
import type { KafkaClientOptions } from './client.ts'
import { KafkaAppender } from './kafka-appender.ts'
import { KafkaConsumption, type KafkaConsumptionOptions } from './kafka-consumption.ts'
import { KafkaReader } from './kafka-reader.ts'
import { KafkaTopics } from './kafka-topics.ts'
import { noticesTo } from './notices.ts'
import { told } from './refusal.ts'

export interface KafkaEventLogOptions extends Omit<KafkaClientOptions, 'hear'> {
  readonly notices?: LogNotices
  /** How long an append is tried before it counts as not confirmed; default 5 s, in milliseconds. */
  readonly appendTimeoutMs?: number
  /** How long a member of a group may be silent before the others take its partitions; default 10 s, in milliseconds. */
  readonly sessionTimeoutMs?: number
  /** Vouches for this process: when it has died, whoever takes its place does not wait until its session has run out. */
  readonly presence?: Presence
  /** Younger records of compacted topics stay; milliseconds. */
  readonly minCompactionLagMs?: number
}

const APPEND_TIMEOUT_MS = 5_000
const SESSION_TIMEOUT_MS = 10_000

/** The log on Apache Kafka. Topics must be declared: in the contracts, or by `ensureTopics` of this instance. */
export class KafkaEventLog implements EventLog {
  readonly #client: KafkaClientOptions
  readonly #appendTimeoutMs: number
  readonly #membership: Pick<KafkaConsumptionOptions, 'sessionTimeoutMs' | 'presence'>
  /** Each with a connection of its own: what people wait for is not behind what nobody waits for. */
  readonly #appenders = new Map<string, KafkaAppender>()
  readonly #reader: KafkaReader
  readonly #topics: KafkaTopics
  readonly #declared = new Map<string, TopicDeclaration>()
  readonly #consumptions = new Set<KafkaConsumption>()
  #id: Promise<string> | undefined

  constructor(options: KafkaEventLogOptions) {
    const { brokers, clientId, security, notices } = options
    this.#client = { brokers, clientId, ...(security && { security }), ...(notices && { hear: noticesTo(notices) }) }
    this.#appendTimeoutMs = options.appendTimeoutMs ?? APPEND_TIMEOUT_MS
    const { sessionTimeoutMs = SESSION_TIMEOUT_MS, presence } = options
    this.#membership = { sessionTimeoutMs, presence }
    this.#reader = new KafkaReader(this.#client)
    this.#topics = new KafkaTopics(this.#client, { minCompactionLagMs: options.minCompactionLagMs })
  }

  id(): Promise<string> {
    this.#id ??= this.#topics.clusterId().catch((fault: unknown) => {
      this.#id = undefined
      throw fault
    })
    return this.#id
  }

  async ensureTopics(topics: readonly TopicDeclaration[]): Promise<void> {
    await this.#topics.ensure(topics)
    for (const topic of topics) this.#declared.set(topic.name, topic)
  }

  async append(records: readonly AppendRecord[]): Promise<void> {
    refuseTooLarge(records, (topic) => this.#declaration(topic).maxRecordBytes)
    const topics = [...Map.groupBy(records, ({ topic }) => topic)]
    const unconfirmed: AppendRecord[] = []
    const faults: unknown[] = []
    const ofTopic = ([topic, ofIt]: [string, AppendRecord[]]) =>
      this.#appenderOf(topic)
        .append(ofIt)
        .catch((fault: unknown) => {
          faults.push(fault)
          unconfirmed.push(...(fault instanceof AppendError ? fault.unconfirmed : ofIt))
        })
    await Promise.all(topics.map(ofTopic))
    if (faults.length > 0) throw new AppendError(unconfirmed, { cause: faults[0] })
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    for (const topic of options.topics) this.#declaration(topic)
    const consumption = new KafkaConsumption({
      ...options,
      client: this.#client,
      ...this.#membership,
      ends: (topics) => this.#topics.ends(topics),
      mayHaveGaps: (topic) => {
        const declared = this.#declaration(topic)
        return declared.compacted || declared.trimmed || declared.retentionMs !== null
      },
    })
    this.#consumptions.add(consumption)
    void consumption.gone.then(() => this.#consumptions.delete(consumption))
    await consumption.start().catch(told)
    return consumption
  }

  positions(topic: string): Promise<readonly PartitionPositions[]> {
    return this.#topics.positions(topic)
  }

  async trim({ topic, partition }: TopicPartition, before: number): Promise<void> {
    if (!this.#declaration(topic).trimmed) throw new TopicMismatchError(`topic ${topic} is not declared as trimmed`)
    await this.#topics.trim(topic, partition, before)
  }

  async read(partition: TopicPartition, from: number, limit: number): Promise<readonly LogRecord[]> {
    const positions = await this.#topics.positions(partition.topic)
    const there = positions.find((position) => position.partition === partition.partition)
    if (!there || from >= there.end) return []
    return this.#reader.read(partition, Math.max(from, there.start), limit)
  }

  inspect(topics: readonly TopicDeclaration[]): Promise<LogFacts> {
    return this.#topics.inspect(topics)
  }

  async ping(): Promise<void> {
    await this.#topics.clusterId()
  }

  /** Stops what still consumes; appends that are waiting are tried once more. */
  async close(): Promise<void> {
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop()))
    await Promise.all([...[...this.#appenders.values()].map((appender) => appender.close()), this.#reader.close()])
  }

  #appenderOf(topic: string): KafkaAppender {
    const known = this.#appenders.get(topic)
    if (known) return known
    const appender = new KafkaAppender(this.#client, this.#appendTimeoutMs)
    this.#appenders.set(topic, appender)
    return appender
  }

  #declaration(topic: string): TopicDeclaration {
    const declared = this.#declared.get(topic) ?? topicNamed(topic)
    if (!declared) throw new TopicMismatchError(`there is no declaration of topic ${topic}`)
    return declared
  }
}
