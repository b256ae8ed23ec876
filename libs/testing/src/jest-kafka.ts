// Jest's globalSetup of the `name:kafka` projects: one Postgres and a broker for each worker, however many projects ask.
// A broker of its own, because the services of one house talk over it: the health that one spec tries would score the
// accounts of the journeys that another tries at the same moment.
import { startKafka, type StartedKafka } from './kafka/start-kafka.ts'
import { leaveBrokers } from './kafka/test-brokers.ts'
import { startTestPostgres } from './postgres-server.ts'

let starting: Promise<StartedKafka | undefined> | undefined

export default async ({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> => {
  starting ??= startKafka(maxWorkers)
  const [kafka] = await Promise.all([starting, startTestPostgres()])
  if (kafka) leaveBrokers(kafka.brokers)
}

/** Stops what was started; twice does nothing more. */
export const stopTestKafka = async (): Promise<void> => {
  const running = await starting
  starting = undefined
  await running?.stop()
}
