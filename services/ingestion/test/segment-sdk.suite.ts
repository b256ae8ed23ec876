import { topics } from '@banso/contracts'
import { createLogDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Analytics } from '@segment/analytics-node'
import { IngestionUnderTest } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'

export const describeSegmentSdk = (): void => {
  describe('the unmodified Segment SDK', () => {
    let log: TestDatabase
    let ingestion: IngestionUnderTest
    let writeKey: string

    beforeAll(async () => {
      log = await createLogDatabase()
      ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url } })
      writeKey = (await ingestion.source('product')).writeKey
    })
    afterAll(async () => {
      await ingestion?.stop()
      await log?.drop()
    })

    it('has its calls on the typed topics, attributed and sealed', async () => {
      const faults: unknown[] = []
      const analytics = new Analytics({ writeKey, host: ingestion.capture, flushInterval: 10_000 }) // one request: two may overtake
      analytics.on('error', (fault) => faults.push(fault))
      analytics.group({ userId: 'u-1', groupId: 'acme', traits: { name: 'Acme', plan: 'pro' }, messageId: 'm-group' })
      analytics.identify({ userId: 'u-1', traits: { email: 'ann@acme.test', role: 'admin' }, messageId: 'm-identify' })
      analytics.track({ userId: 'u-1', event: 'Report Created', properties: { rows: 3 }, messageId: 'm-track' })
      analytics.page({ userId: 'u-1', name: 'Home', properties: { url: 'https://a.test/x?y=1' }, messageId: 'm-page' })
      analytics.screen({ userId: 'u-1', name: 'Start', messageId: 'm-screen' })
      analytics.alias({ userId: 'u-1', previousId: 'anon-1', messageId: 'm-alias' })
      await analytics.closeAndFlush()
      expect(faults).toEqual([])

      const states = await Promise.all(
        ['m-group', 'm-identify', 'm-track', 'm-page', 'm-screen', 'm-alias'].map((id) =>
          ingestion.receipt('product', id),
        ),
      )
      expect(states.map(({ state }) => state)).toEqual(Array(6).fill('accepted'))
      const [group, , , , , alias] = states
      expect(alias).toMatchObject({ accountId: null, personId: null })

      const used = (await ingestion.records(topics.usageEvents.name)).map(dataOf)
      expect(used.map(({ kind, name }) => [kind, name])).toEqual([
        ['track', 'Report Created'],
        ['page', 'Home'],
        ['screen', 'Start'],
      ])
      expect(used.every(({ accountId }) => accountId === group?.['accountId'])).toBe(true)
      const observed = await ingestion.records(topics.observations.name)
      const text = observed.map(({ value }) => value.toString()).join('\n')
      expect(text).toContain('"plan":"pro"')
      expect(text).not.toContain('ann@acme.test')
      expect(await ingestion.records(topics.personKeys.name)).toHaveLength(1)
    })
  })
}
