import { describeKafka, kafkaBrokers } from '@banso/testing'
import { startHealth } from './health-under-test.ts'
import { describeHealth, START } from './health.suite.ts'

describeKafka('health over Kafka', () => {
  describeHealth(() => startHealth({ KAFKA_BROKERS: kafkaBrokers().join(',') }, START))
})
