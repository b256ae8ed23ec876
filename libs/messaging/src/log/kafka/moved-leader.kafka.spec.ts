// kafkajs can resolve a send though a partition was never written, when a leader moved under it. Here leaders move, in
// every way they can, while three writers append; then the log is counted against what was confirmed.
import { eventually } from '@banso/testing'
import { describeKafka } from '@banso/testing/kafka/describe-kafka.ts'
import { type LocalKafka, startLocalKafka } from '@banso/testing/kafka/local-kafka.ts'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppendError } from '../errors.ts'
import { declare, recordFor } from '../suite/harness.ts'
import { createKafka } from './client.ts'
import { KafkaEventLog } from './kafka-event-log.ts'

const PARTITIONS = 6
const WRITERS = 3
const RECORDS_PER_APPEND = 12
/** Between two appends of a writer: records are on their way all the time, and three brokers leave some CPU to others. */
const PAUSE_MS = 30

describeKafka('leaders that move under load', () => {
  let kafka: LocalKafka
  let log: KafkaEventLog
  const topic = declare({ partitions: PARTITIONS })

  beforeAll(async () => {
    kafka = await startLocalKafka({ brokers: 3, properties: { 'broker.session.timeout.ms': '6000' } })
    log = new KafkaEventLog({ brokers: kafka.brokers.split(','), clientId: 'spec', appendTimeoutMs: 20_000 })
    await log.ensureTopics([topic])
  }, 150_000)
  afterAll(async () => {
    await log.close()
    await kafka.stop()
  }, 90_000)

  const leaders = async (): Promise<number[]> => {
    const admin = createKafka({ brokers: kafka.brokers.split(','), clientId: 'spec' }, 10_000).admin()
    try {
      await admin.connect()
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic.name] })
      const partitions = topics[0]?.partitions ?? []
      return partitions.toSorted((a, b) => a.partitionId - b.partitionId).map(({ leader }) => leader)
    } finally {
      await admin.disconnect()
    }
  }

  /** Appends until told to stop; values are `<writer>-<n>`, n rising per writer over all partitions. */
  const write = async (writer: number, confirmed: Set<string>[], stop: AbortSignal): Promise<void> => {
    for (let n = 0; !stop.aborted; n += RECORDS_PER_APPEND) {
      const records = Array.from({ length: RECORDS_PER_APPEND }, (_, k) =>
        recordFor(topic.name, (n + k) % PARTITIONS, `${writer}-${n + k}`),
      )
      let lost = new Set<unknown>()
      try {
        await log.append(records)
      } catch (fault) {
        if (!(fault instanceof AppendError)) throw fault
        lost = new Set(fault.unconfirmed)
      }
      for (const record of records) {
        if (!lost.has(record)) confirmed[record.partition]?.add(record.value.toString())
      }
      await sleep(PAUSE_MS)
    }
  }

  it('lose nothing that was confirmed, and keep the order', async () => {
    const confirmed = Array.from({ length: PARTITIONS }, () => new Set<string>())
    const stop = new AbortController()
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, n) => write(n, confirmed, stop.signal)))
    const count = () => confirmed.reduce((sum, { size }) => sum + size, 0)
    const flows = async () => {
      const before = count()
      await eventually(() => expect(count()).toBeGreaterThan(before + 200), { timeoutMs: 60_000 })
    }
    let moved = 0
    const moves = async (disturb: () => Promise<void> | void, repair: () => Promise<void> | void) => {
      const before = await leaders()
      await disturb()
      await eventually(async () => expect(await leaders()).not.toEqual(before), { timeoutMs: 60_000 })
      const after = await leaders()
      moved += after.filter((leader, partition) => leader !== before[partition]).length
      await flows()
      await repair()
      await flows()
    }
    await flows()
    const [one, two, three] = kafka.nodes
    await moves(
      async () => one?.stop(),
      async () => one?.restart(),
    )
    await moves(
      async () => two?.kill9(),
      async () => two?.restart(),
    )
    await moves(
      () => three?.signal('SIGSTOP'),
      () => three?.signal('SIGCONT'),
    )
    stop.abort()
    await writing
    expect(moved).toBeGreaterThanOrEqual(3)

    for (const [partition, values] of confirmed.entries()) {
      const records = await log.read({ topic: topic.name, partition }, 0, 1_000_000)
      const found = new Set(records.map(({ value }) => value.toString()))
      expect([...values].filter((value) => !found.has(value))).toEqual([])
      // A set keeps the order of first appearances: repeats at the tail of a round are all that may disturb it.
      for (let writer = 0; writer < WRITERS; writer += 1) {
        const own = [...found].filter((value) => value.startsWith(`${writer}-`)).map((value) => Number(value.slice(2)))
        expect(own).toEqual(own.toSorted((a, b) => a - b))
      }
    }
  }, 400_000)
})
