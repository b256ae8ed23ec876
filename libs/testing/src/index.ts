export { copyDatabase, createDatabase, createMigratedDatabase, type TestDatabase } from './database.ts'
export {
  blueprintReads,
  DocumentedAnswers,
  documentOf,
  type Exchange,
  operatorReads,
  operatorWrites,
} from './documented-answers.ts'
export { eventually, type EventuallyOptions } from './eventually.ts'
export { eventOf, incomingOf, recordOf, type TestAttributes, type TestEvent, type TestPosition } from './events.ts'
export * from './factories.ts'
export { golden, type GoldenRecord } from './golden.ts'
export { describeKafka } from './kafka/describe-kafka.ts'
export { kafkaAvailable, kafkaBrokers } from './kafka/test-brokers.ts'
export { metricFaults } from './metric-faults.ts'
export { createLogDatabase } from './log-database.ts'
export { ManualClock } from './manual-clock.ts'
export { OtlpReceiver, type ReceivedSpan } from './otlp-receiver.ts'
export { type PublishedEvent, unlikeGolden } from './unlike-golden.ts'
export { type Answer, type Published, type ServiceParts, ServiceUnderTest } from './service-under-test.ts'
