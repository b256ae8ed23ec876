import type { RecordMetadata, TopicMessages } from 'kafkajs'
import { laneName } from '../consuming/lanes.ts'
import type { AppendRecord } from '../event-log.ts'

/** The records of one round that are not confirmed yet, by partition, in their order. */
export class Round {
  readonly #open = new Map<string, AppendRecord[]>()

  constructor(records: readonly AppendRecord[]) {
    for (const record of records) {
      const sent = this.#open.get(laneName(record))
      if (sent) sent.push(record)
      else this.#open.set(laneName(record), [record])
    }
  }

  get isConfirmed(): boolean {
    return this.#open.size === 0
  }

  unconfirmed(): readonly AppendRecord[] {
    return [...this.#open.values()].flat()
  }

  /** Everything that is open, as kafkajs takes it, in one request. */
  together(): TopicMessages[][] {
    return [messagesOf(this.unconfirmed())]
  }

  /** Everything that is open, a request per partition: one that cannot be written does not hide what became of others. */
  apart(): TopicMessages[][] {
    return [...this.#open.values()].map(messagesOf)
  }

  /** Only a partition that was answered, without an error, is confirmed: kafkajs can resolve without having sent it. */
  confirm(answers: readonly RecordMetadata[]): void {
    for (const { topicName, partition, errorCode } of answers) {
      if (errorCode === 0) this.#open.delete(laneName({ topic: topicName, partition }))
    }
  }
}

const messagesOf = (records: readonly AppendRecord[]): TopicMessages[] => {
  const topics = new Map<string, TopicMessages>()
  for (const { topic, partition, key, value, headers } of records) {
    const entry = topics.get(topic) ?? { topic, messages: [] }
    topics.set(topic, entry)
    entry.messages.push({ partition, key, value, headers: { ...headers } })
  }
  return [...topics.values()]
}
