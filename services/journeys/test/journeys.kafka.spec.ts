import { describeKafka, kafkaBrokers } from '@banso/testing'
import { startJourneys } from './journeys-under-test.ts'
import { describeJourneys, START } from './journeys.suite.ts'

describeKafka('journeys over Kafka', () => {
  describeJourneys(() => startJourneys({ KAFKA_BROKERS: kafkaBrokers().join(',') }, START))
})
