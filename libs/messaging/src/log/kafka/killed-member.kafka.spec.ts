import { randomUUID } from 'node:crypto'
import { createDatabase, eventually, type TestDatabase } from '@banso/testing'
import { describeKafka } from '@banso/testing/kafka/describe-kafka.ts'
import { kafkaBrokers } from '@banso/testing/kafka/test-brokers.ts'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { killWhileItConsumes } from '../../../test/kill-consumer.ts'
import { Presence } from '../../presence/presence.ts'
import { declare, Ledger, recordsFor, unexpectedCrash } from '../suite/harness.ts'
import { KafkaEventLog } from './kafka-event-log.ts'

describeKafka('a member of a group whose process was killed', () => {
  let database: TestDatabase
  let presence: Presence
  let log: KafkaEventLog

  beforeAll(async () => {
    database = await createDatabase()
    presence = new Presence(database.url, 'spec')
    log = new KafkaEventLog({ brokers: kafkaBrokers(), clientId: 'spec', presence })
  }, 60_000)
  afterAll(async () => {
    await log?.close()
    await presence?.close()
    await database?.drop()
  })

  it('is not waited for, though its session goes on for minutes', async () => {
    const topic = declare({ partitions: 2 })
    const group = `test-${randomUUID()}`
    await log.ensureTopics([topic])
    await log.append(recordsFor(topic.name, 1, 3))
    await killWhileItConsumes({ url: database.url, topic, group, brokers: kafkaBrokers() })
    const ledger = new Ledger()
    const consuming = log.consume({
      group,
      topics: [topic.name],
      start: ledger.start,
      onBatch: async (batch) => ledger.apply(batch),
      onCrash: unexpectedCrash,
    })
    // Whoever joins beside it waits until the group is divided anew without it, after half a minute.
    await eventually(() => expect(ledger.effects).toHaveLength(3), { timeoutMs: 15_000 })
    await (await consuming).stop()
  }, 90_000)
})
