// Jest's globalTeardown of the `name:kafka` projects.
import { stopTestKafka } from './jest-kafka.ts'
import { stopTestPostgres } from './postgres-server.ts'

export default async (): Promise<void> => {
  await Promise.all([stopTestKafka(), stopTestPostgres()])
}
