// A process that consumes a topic until it is killed, and says so when it has begun. Its arguments: a database, in which it
// is present, and which has the embedded log; the topic's declaration; the group; the brokers, where the log is Kafka.
import type { TopicDeclaration } from '@banso/contracts'
import { EmbeddedEventLog } from '../src/log/embedded/embedded-event-log.ts'
import { KafkaEventLog } from '../src/log/kafka/kafka-event-log.ts'
import { Presence } from '../src/presence/presence.ts'

const [, , url = '', topicJson = '', group = '', brokers] = process.argv
const topic = JSON.parse(topicJson) as TopicDeclaration
const log = brokers
  ? new KafkaEventLog({
      brokers: brokers.split(','),
      clientId: 'killed',
      presence: new Presence(url, 'killed'),
      sessionTimeoutMs: 300_000,
    })
  : new EmbeddedEventLog({ url })
await log.ensureTopics([topic])
await log.consume({
  group,
  topics: [topic.name],
  start: async () => 0,
  onBatch: async () => {
    process.stdout.write('consumes\n')
    return { next: 0, pauseMs: 1_000 }
  },
  onCrash: (fault) => {
    throw fault
  },
})
