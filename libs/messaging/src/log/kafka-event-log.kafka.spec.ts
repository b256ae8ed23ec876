import { describeKafka } from '@banso/testing/kafka/describe-kafka.ts'
import { type LocalKafka, startLocalKafka } from '@banso/testing/kafka/local-kafka.ts'
import { kafkaBrokers } from '@banso/testing/kafka/test-brokers.ts'
import { afterAll, expect, it } from '@jest/globals'
import { describeEventLog } from './event-log.suite.ts'
import { KafkaEventLog } from './kafka/kafka-event-log.ts'

const clientOf = (brokers: readonly string[]): KafkaEventLog => new KafkaEventLog({ brokers, clientId: 'spec' })

describeKafka('the log on Kafka', () => {
  let another: LocalKafka | undefined
  afterAll(() => another?.stop())

  describeEventLog({
    open: () => clientOf(kafkaBrokers()),
    openAnother: async () => {
      another ??= await startLocalKafka({ brokers: 1 })
      return clientOf([another.brokers])
    },
  })

  it('tells what its brokers are', async () => {
    const log = clientOf(kafkaBrokers())
    const found = await log.inspect([])
    await log.close()
    expect(found).toMatchObject({ kind: 'kafka', version: 'Apache Kafka 4.0 or later', database: null, topics: [] })
  })
})
