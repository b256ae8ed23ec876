/** A broker was found or started for this run. */
export const kafkaAvailable = (): boolean => process.env['TEST_KAFKA_BROKERS'] !== undefined

/** `host:port` of the brokers of this run. */
export const kafkaBrokers = (): string[] => {
  const brokers = process.env['TEST_KAFKA_BROKERS']
  if (!brokers) throw new Error('no test Kafka: it needs TEST_KAFKA_BROKERS, a container engine, or Java 17 and Maven')
  return brokers.split(',')
}
