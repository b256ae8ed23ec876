import { describeKafka, kafkaBrokers } from '@banso/testing'
import { startAccounts } from './accounts-under-test.ts'
import { describeAccounts } from './accounts.suite.ts'

describeKafka('accounts over Kafka', () => {
  describeAccounts(() => startAccounts({ KAFKA_BROKERS: kafkaBrokers().join(',') }))
})
