// `TEST_KAFKA_BROKERS`: the brokers of this run, comma-separated `host:port`; several clusters, by `;`.

/** A broker was found or started for this run. */
export const kafkaAvailable = (): boolean => process.env['TEST_KAFKA_BROKERS'] !== undefined

/** The brokers were started for this run: what is on them is ours to delete. */
export const startedHere = (): boolean => process.env['TEST_KAFKA_STARTED'] === 'true'

/** Leaves the addresses of each cluster to the workers. */
export const leaveBrokers = (clusters: readonly string[]): void => {
  process.env['TEST_KAFKA_STARTED'] ??= String(process.env['TEST_KAFKA_BROKERS'] === undefined)
  process.env['TEST_KAFKA_BROKERS'] = clusters.join(';')
}

/** `host:port` of the brokers of this worker. */
export const kafkaBrokers = (): string[] => {
  const clusters = process.env['TEST_KAFKA_BROKERS']?.split(';') ?? []
  const brokers = clusters[(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % clusters.length]
  if (!brokers) throw new Error('no test Kafka: it needs TEST_KAFKA_BROKERS, a container engine, or Java 17 and Maven')
  return brokers.split(',')
}
