// The kafkajs defects that only a broker shows; those that need none are tested beside their guards.
import { randomUUID } from 'node:crypto'
import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@banso/testing'
import { describeKafka } from '@banso/testing/kafka/describe-kafka.ts'
import { kafkaBrokers } from '@banso/testing/kafka/test-brokers.ts'
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import type { Admin } from 'kafkajs'
import type { Batch, EventLog } from '../event-log.ts'
import { declare, Ledger, Opened, recordFor, recordsFor, unexpectedCrash } from '../suite/harness.ts'
import { createKafka } from './client.ts'
import { KafkaEventLog } from './kafka-event-log.ts'
import { requestQueueClass } from './request-queue.ts'

const client = () => ({ brokers: kafkaBrokers(), clientId: 'spec' })
const open = () => new KafkaEventLog(client())

const asAdmin = async <R>(ask: (admin: Admin) => Promise<R>): Promise<R> => {
  const admin = createKafka(client(), 10_000).admin()
  await admin.connect()
  try {
    return await ask(admin)
  } finally {
    await admin.disconnect()
  }
}

describeKafka('the guards around kafkajs', () => {
  let opened: Opened
  let log: EventLog
  let ledger: Ledger
  let topic: string
  let group: string

  beforeEach(async () => {
    opened = new Opened({ open, openAnother: async () => open() })
    log = opened.log()
    ledger = new Ledger()
    const declared = declare({ partitions: 2 })
    await log.ensureTopics([declared])
    topic = declared.name
    group = `test-${randomUUID()}`
  })
  afterEach(() => opened.close())

  const options = () => ({
    group,
    topics: [topic],
    start: ledger.start,
    onBatch: async (batch: Batch) => ledger.apply(batch),
    onCrash: unexpectedCrash,
  })

  it('an idle connection runs no timer loop and warns of no negative time', async () => {
    const warnings: string[] = []
    const note = ({ name }: Error) => warnings.push(name)
    process.on('warning', note)
    const checks = jest.spyOn(requestQueueClass().prototype, 'checkPendingRequests')
    await opened.consume(log, options())
    await log.append(recordsFor(topic, 0, 1))
    await eventually(() => expect(ledger.effects).toHaveLength(1))
    checks.mockClear()
    await wait(1_000)
    // Once per answer: a long poll four times a second and a heartbeat; the loop would give hundreds.
    expect(checks.mock.calls.length).toBeLessThan(30)
    checks.mockRestore()
    process.off('warning', note)
    expect(warnings).not.toContain('TimeoutNegativeWarning')
  })

  it('an offset that has been deleted is asked for again, not jumped over', async () => {
    await log.append(recordsFor(topic, 0, 100))
    await asAdmin(async (admin) => {
      await admin.fetchTopicOffsets(topic)
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '50' }] })
    })
    const asked: number[] = []
    await opened.consume(log, {
      ...options(),
      start: async ({ partition }) => {
        if (partition !== 0) return 0
        asked.push(ledger.effects.length)
        return asked.length === 1 ? 10 : 50
      },
    })
    await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(50), { timeoutMs: 20_000 })
    expect(asked).toEqual([0, 0])
    expect(ledger.valuesOn(0)[0]).toBe('50')
  })

  it('a committed offset decides nothing, and shows what was answered', async () => {
    await log.append(recordsFor(topic, 0, 20))
    const first = await opened.consume(log, { ...options(), maxBatchRecords: 5 })
    await eventually(() => expect(ledger.effects).toHaveLength(20), { timeoutMs: 20_000 })
    await first.stop()
    const committed = await asAdmin((admin) => admin.fetchOffsets({ groupId: group, topics: [topic] }))
    expect(committed[0]?.partitions.find(({ partition }) => partition === 0)?.offset).toBe('20')
    const again = new Ledger()
    await opened.consume(log, { ...options(), onBatch: async (batch) => again.apply(batch), start: async () => 0 })
    await eventually(() => expect(again.effects).toHaveLength(20), { timeoutMs: 20_000 })
  })

  it('a consumer that kafkajs gives up for good is reported', async () => {
    const odd = createKafka(client(), 10_000).consumer({
      groupId: group,
      partitionAssigners: [
        ({ groupId }) => ({
          name: `odd-${groupId}`,
          version: 1,
          assign: async ({ members }) =>
            members.map(({ memberId }) => ({ memberId, memberAssignment: Buffer.alloc(0) })),
          protocol: () => ({ name: `odd-${groupId}`, metadata: Buffer.alloc(0) }),
        }),
      ],
    })
    await odd.connect()
    await odd.subscribe({ topics: [topic] })
    await odd.run({ eachBatch: async () => undefined })
    const faults: unknown[] = []
    await opened.consume(log, { ...options(), onCrash: (fault) => faults.push(fault) })
    await eventually(() => expect(faults).toHaveLength(1), { timeoutMs: 20_000 })
    expect(String(faults[0])).toMatch(/protocol/i)
    await odd.disconnect()
  })

  it('a batch that takes longer than the session keeps its partition, and others flow, by the connections there are', async () => {
    await log.append(recordsFor(topic, 0, 1))
    const release = Promise.withResolvers<void>()
    let signal: AbortSignal | undefined
    await opened.consume(log, {
      ...options(),
      onBatch: async (batch, aborted) => {
        if (batch.partition === 0) {
          signal = aborted
          await release.promise
        }
        return ledger.apply(batch)
      },
    })
    await eventually(() => expect(signal).toBeDefined(), { timeoutMs: 20_000 })
    const connections = jest.spyOn(net, 'connect')
    const until = Date.now() + 13_000
    for (let n = 1; Date.now() < until; n += 1) {
      await log.append([recordFor(topic, 1, `${n}`)])
      await eventually(() => expect(ledger.valuesOn(1)).toHaveLength(n))
      await wait(500)
    }
    const connected = connections.mock.calls.length
    connections.mockRestore()
    expect(signal?.aborted).toBe(false)
    release.resolve()
    await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(1))
    expect(connected).toBe(0)
  }, 60_000)
})
