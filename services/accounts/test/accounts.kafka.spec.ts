import { describeKafka, kafkaBrokers } from '@banso/testing'
import { AccountsUnderTest } from './accounts-under-test.ts'
import { describeAccounts } from './accounts.suite.ts'

describeKafka('accounts over Kafka', () => {
  describeAccounts(() => AccountsUnderTest.start({ KAFKA_BROKERS: kafkaBrokers().join(',') }))
})
