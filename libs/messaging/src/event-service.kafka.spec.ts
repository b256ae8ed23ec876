import { describeKafka } from '@banso/testing'
import { startLocalKafka } from '@banso/testing/kafka/local-kafka.ts'
import { describeEventService } from './event-service.suite.ts'

// A broker of its own: groups are named after services, and other specs run services of these names.
describeKafka('an event service over Kafka', () => {
  describeEventService(async () => {
    const kafka = await startLocalKafka({ brokers: 1 })
    return { settings: { kafkaBrokers: kafka.brokers.split(',') }, close: () => kafka.stop() }
  })
})
