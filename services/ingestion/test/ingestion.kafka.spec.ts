import { topics } from '@banso/contracts'
import { partitionOf } from '@banso/messaging'
import { describeKafka, eventually, kafkaBrokers } from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Analytics } from '@segment/analytics-node'
import { randomUUID } from 'node:crypto'
import { IngestionUnderTest } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'

const EVENTS = 200

describeKafka('ingestion over Kafka', () => {
  let ingestion: IngestionUnderTest
  let writeKey: string

  beforeAll(async () => {
    ingestion = await IngestionUnderTest.start({ log: { KAFKA_BROKERS: kafkaBrokers().join(',') } })
    writeKey = (await ingestion.source('product')).writeKey
  }, 120_000)
  afterAll(async () => {
    await ingestion?.stop()
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
})
