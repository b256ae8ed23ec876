// Jest's globalSetup of the `name:kafka` projects: one Postgres and one broker per run, however many projects ask.
import { startKafka, type StartedKafka } from './kafka/start-kafka.ts'
import { startTestPostgres } from './postgres-server.ts'

let starting: Promise<StartedKafka | undefined> | undefined

export default async (): Promise<void> => {
  starting ??= startKafka()
  const [kafka] = await Promise.all([starting, startTestPostgres()])
  if (kafka) process.env['TEST_KAFKA_BROKERS'] = kafka.brokers
}

/** Stops what was started; twice does nothing more. */
export const stopTestKafka = async (): Promise<void> => {
  const running = await starting
  starting = undefined
  await running?.stop()
}
