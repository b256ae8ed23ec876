import { randomUUID } from 'node:crypto'
import { eventually } from '@banso/testing'
import { describeKafka } from '@banso/testing/kafka/describe-kafka.ts'
import { type LocalKafka, startLocalKafka } from '@banso/testing/kafka/local-kafka.ts'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { AppendError } from '../errors.ts'
import { declare, Ledger, recordFor, recordsFor, unexpectedCrash } from '../suite/harness.ts'
import { KafkaEventLog } from './kafka-event-log.ts'

/** Whoever waited for a session to run out would consume nothing for far longer than these tests wait. */
const SESSION_MS = 300_000

describeKafka('a broker that dies and comes back', () => {
  let kafka: LocalKafka
  let log: KafkaEventLog

  beforeAll(async () => {
    kafka = await startLocalKafka({ brokers: 1 })
    log = new KafkaEventLog({
      brokers: [kafka.brokers],
      clientId: 'spec',
      appendTimeoutMs: 1_500,
      sessionTimeoutMs: SESSION_MS,
    })
  }, 90_000)
  afterAll(async () => {
    await log.close()
    await kafka.stop()
  }, 60_000)

  it('rejects appends while it is away, loses none that was confirmed, and is consumed again by itself', async () => {
    const topic = declare({ partitions: 2 })
    await log.ensureTopics([topic])
    const id = await log.id()
    const ledger = new Ledger()
    const consumption = await log.consume({
      group: `test-${randomUUID()}`,
      topics: [topic.name],
      start: ledger.start,
      onBatch: async (batch) => ledger.apply(batch),
      onCrash: unexpectedCrash,
    })
    await log.append(recordsFor(topic.name, 0, 50, 'before-'))
    await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(50), { timeoutMs: 20_000 })
    const [broker] = kafka.nodes
    await broker?.kill9()

    const lost = recordFor(topic.name, 1, 'while away')
    const fault: unknown = await log.append([lost]).catch((reason: unknown) => reason)
    expect(fault).toBeInstanceOf(AppendError)
    expect((fault as AppendError).unconfirmed).toEqual([lost])
    await expect(log.ping()).rejects.toThrow(/connect/i)

    await broker?.restart()
    await eventually(() => log.append(recordsFor(topic.name, 0, 50, 'after-')), { timeoutMs: 30_000 })
    expect(await log.id()).toBe(id)
    const expected = [...recordsFor('', 0, 50, 'before-'), ...recordsFor('', 0, 50, 'after-')]
    await eventually(() => expect(ledger.valuesOn(0).length).toBeGreaterThanOrEqual(100), { timeoutMs: 20_000 })
    expect([...new Set(ledger.valuesOn(0))]).toEqual(expected.map(({ value }) => value.toString()))
    await consumption.stop()
  }, 150_000)
})
