import { topics } from '@banso/contracts'
import { beforeAll, describe } from '@jest/globals'
import { Kafka, logLevel } from 'kafkajs'
import { kafkaAvailable, kafkaBrokers, startedHere } from './test-brokers.ts'

const FORGET_WITHIN_MS = 60_000

/** What the spec file before this one left on the broker of its worker, services of the same names would read as theirs. */
const forgetTopics = async (): Promise<void> => {
  const admin = new Kafka({ brokers: kafkaBrokers(), logLevel: logLevel.NOTHING }).admin()
  try {
    await admin.connect()
    const ours = new Set<string>(Object.values(topics).map(({ name }) => name))
    const left = (await admin.listTopics()).filter((name) => ours.has(name))
    if (left.length > 0) await admin.deleteTopics({ topics: left })
  } finally {
    await admin.disconnect()
  }
}

const isHere = kafkaAvailable() || process.env['TEST_KAFKA_STARTABLE'] === 'true' || process.env['CI'] === 'true'

/**
 * `describe` for what needs a real broker, one of this run or (end to end) one that it starts itself: skipped, by name and
 * count, where none can be had; where `CI` is `true` it runs, and fails. A broker that this run started has none of our
 * topics at first.
 */
export const describeKafka = (name: string, body: () => void): void =>
  (isHere ? describe : describe.skip)(name, () => {
    if (startedHere()) beforeAll(forgetTopics, FORGET_WITHIN_MS)
    body()
  })
