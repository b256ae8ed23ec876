import { describeKafka, kafkaBrokers } from '@banso/testing'
import { HealthUnderTest } from './health-under-test.ts'
import { describeHealth, START } from './health.suite.ts'

describeKafka('health over Kafka', () => {
  describeHealth(() => HealthUnderTest.start({ KAFKA_BROKERS: kafkaBrokers().join(',') }, START))
})
