import { topics } from '@banso/contracts'
import { partitionOf } from '@banso/messaging'
import { describeKafka, eventually, kafkaBrokers } from '@banso/testing'
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals'
import { Analytics } from '@segment/analytics-node'
import { randomUUID } from 'node:crypto'
import net, { type Socket } from 'node:net'
import { IngestionUnderTest } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'

const EVENTS = 200

/** The connections of this process to these brokers, by which kafkajs opens them; can be cut, and refused from then on. */
const wayTo = (brokers: readonly string[]) => {
  const ports = new Set(brokers.map((broker) => Number(broker.split(':').at(-1))))
  const open = new Set<Socket>()
  let away = false
  const { connect } = net
  const spy = jest.spyOn(net, 'connect').mockImplementation(((
    options: net.TcpNetConnectOpts,
    listener?: () => void,
  ) => {
    if (!ports.has(options.port)) return connect(options, listener)
    const socket = connect(away ? { ...options, port: 1 } : options, listener)
    open.add(socket.once('close', () => open.delete(socket)))
    return socket
  }) as typeof net.connect)
  return {
    cut: () => {
      away = true
      for (const socket of open) socket.destroy(new Error('the network is gone'))
      return open.size
    },
    mend: () => (away = false),
    restore: () => spy.mockRestore(),
  }
}

describeKafka('ingestion over Kafka', () => {
  let ingestion: IngestionUnderTest
  let writeKey: string
  let way: ReturnType<typeof wayTo>

  beforeAll(async () => {
    way = wayTo(kafkaBrokers())
    ingestion = await IngestionUnderTest.start({ log: { KAFKA_BROKERS: kafkaBrokers().join(',') } })
    writeKey = (await ingestion.source('product')).writeKey
  }, 120_000)
  afterAll(async () => {
    await ingestion?.stop()
    way?.restore()
  })

  /** Of one account, what is on the topic of usage, oldest first. */
  const usedBy = async (accountId: string): Promise<string[]> => {
    const partition = partitionOf(topics.usageEvents.name, accountId)
    const place = { topic: topics.usageEvents.name, partition }
    const { start = 0 } =
      (await ingestion.log.positions(place.topic)).find((bounds) => bounds.partition === partition) ?? {}
    const records = await ingestion.log.read(place, start, 100_000)
    return records.filter(({ key }) => key === accountId).map((record) => String(dataOf(record)['messageId']))
  }

  it('has what the SDK sends on the typed topic, in order and once, over a restart', async () => {
    const groupId = randomUUID()
    const ids = Array.from({ length: EVENTS }, (_, n) => `${groupId}-${n}`)
    const send = async (messageIds: readonly string[]): Promise<void> => {
      const analytics = new Analytics({ writeKey, host: ingestion.capture, flushAt: 20, flushInterval: 20 })
      for (const messageId of messageIds)
        analytics.track({ userId: 'u', event: 'Signed In', context: { groupId }, messageId })
      await analytics.closeAndFlush()
    }
    await send(ids.slice(0, EVENTS / 2))
    const { accountId } = await ingestion.receipt('product', `${groupId}-0`)
    await ingestion.restart()
    await send(ids) // the first half again
    await ingestion.receipt('product', `${groupId}-${EVENTS - 1}`)
    // The SDK's requests overtake one another: the receipt of the last event does not speak for all.
    await eventually(async () => expect((await usedBy(String(accountId))).toSorted()).toEqual(ids.toSorted()), {
      timeoutMs: 20_000,
    })
    await eventually(
      async () => expect(await ingestion.receipt('product', `${groupId}-0`)).toMatchObject({ repeats: 1 }),
      { timeoutMs: 20_000 },
    )
  }, 120_000)

  it('accepts events while the brokers cannot be reached, and has them on the typed topic, in order, when they can', async () => {
    const groupId = randomUUID()
    const ids = Array.from({ length: 12 }, (_, n) => `${groupId}-${n}`)
    const send = async (from: number, to: number): Promise<void> => {
      const calls = ids
        .slice(from, to)
        .map((messageId) => ({ type: 'track', messageId, userId: 'v', event: 'Signed In', context: { groupId } }))
      expect(await ingestion.batch(writeKey, calls)).toMatchObject({ status: 200 })
    }
    await send(0, 3)
    const { accountId } = await ingestion.receipt('product', `${groupId}-0`)
    expect(way.cut()).toBeGreaterThan(0)
    for (let from = 3; from < 9; from += 2) await send(from, from + 2)
    const [spooled] = await ingestion.database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM spool')
    expect(spooled).toEqual({ n: 6 })
    way.mend()
    await send(9, 12)
    await eventually(async () => expect(await usedBy(String(accountId))).toEqual(ids), { timeoutMs: 30_000 })
  }, 60_000)
})
