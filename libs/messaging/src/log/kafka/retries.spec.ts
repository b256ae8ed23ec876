// Under NODE_ENV=test kafkajs has a second table of defaults: what it is not told would be tried by that one in tests.
import { topics } from '@banso/contracts'
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals'
import { Kafka, type RetryOptions } from 'kafkajs'
import { createRequire } from 'node:module'
import { recordFor, unexpectedCrash } from '../suite/harness.ts'
import { createKafka } from './client.ts'
import { KafkaEventLog } from './kafka-event-log.ts'

const load = createRequire(import.meta.url)
const defaultsOf = (file: string): object => load(`kafkajs/src/retry/${file}`) as object
const names = Object.keys(defaultsOf('defaults.js'))

const client = { brokers: ['127.0.0.1:1'], clientId: 'spec' }
const log = new KafkaEventLog({ ...client, appendTimeoutMs: 1 })
const { name: topic } = topics.usageEvents
const parts = {
  producer: () => log.append([recordFor(topic, 0, 'a')]),
  consumer: () =>
    log.consume({
      group: 'spec',
      topics: [topic],
      start: async () => 'hold',
      onBatch: async () => ({ next: 0, pauseMs: 0 }),
      onCrash: unexpectedCrash,
    }),
  admin: () => log.ping(),
}

/** What a client gives to its cluster, and to each part that has no retries of its own. */
const ofClusterOf = (kafka: Kafka): RetryOptions => {
  const name = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith(':clusterRetry'))
  return (name && (Reflect.get(kafka, name) as RetryOptions | undefined)) ?? {}
}

describe('retries', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  afterAll(() => log.close())

  it('are told to every client, whole', () => {
    expect(defaultsOf('defaults.test.js')).not.toEqual(defaultsOf('defaults.js'))
    expect(Object.keys(ofClusterOf(createKafka(client, 1_000)))).toEqual(expect.arrayContaining(names))
  })

  it.each(['producer', 'consumer', 'admin'] as const)('of the %s are told, whole', async (part) => {
    const made = jest.spyOn(Kafka.prototype, part).mockImplementation(() => {
      throw new Error('enough is seen')
    })
    await expect(parts[part]()).rejects.toThrow(/enough is seen|not confirmed/)
    const [options] = made.mock.calls[0] ?? []
    expect(Object.keys(options?.retry ?? {})).toEqual(expect.arrayContaining(names))
  })
})
