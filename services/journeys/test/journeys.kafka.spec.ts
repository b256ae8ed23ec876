import { describeKafka, kafkaBrokers } from '@banso/testing'
import { JourneysUnderTest } from './journeys-under-test.ts'
import { describeJourneys, START } from './journeys.suite.ts'

describeKafka('journeys over Kafka', () => {
  describeJourneys(() => JourneysUnderTest.start({ KAFKA_BROKERS: kafkaBrokers().join(',') }, START))
})
