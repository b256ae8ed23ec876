// What health promises, over either log; later stories go on at the day that earlier ones have reached.
import { topics } from '@banso/contracts'
import {
  blueprintReads,
  documentOf,
  eventually,
  metricFaults,
  operatorReads,
  operatorWrites,
  productUsed,
  type ServiceUnderTest,
  ticketOpened,
  unlikeGolden,
} from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { type HealthWatched, thriving, urgent, watch } from './health-watched.ts'
import { describePassingTime } from './passing-time.suite.ts'
import { describeReads } from './reads.suite.ts'

/** The clock of the service when it starts: half an hour after the golden events. */
export const START = '2026-01-15T02:10:00.000Z'

export const describeHealth = (start: () => Promise<ServiceUnderTest>): void => {
  let told: HealthWatched
  const watched = () => told

  beforeAll(async () => {
    told = watch(await start())
  }, 90_000)
  afterAll(() => told?.health.stop())

  // The golden events' own account and ticket are spoken of by other services' tests on the same broker.
  const scoredAccount = randomUUID()

  it('scores the golden events, and publishes what its schemas allow', async () => {
    const accountId = scoredAccount
    await watched().hasSeats(accountId)
    await watched().health.say(productUsed({ accountId }), ticketOpened({ accountId, ticketId: randomUUID() }))
    // All seats: 100; one of 28 days: 5; one name: 20; CO = 30/0.65. One fresh urgent ticket: CX = 80.
    await watched().scored(accountId, {
      accountId,
      day: '2026-01-15',
      score: 63.0769230769,
      outcome: { score: 46.1538461538 },
      experience: { score: 80, coverage: 0.5 },
      newestInputAt: '2026-01-15T01:40:11.000Z',
      oldestInputAt: '2026-01-15T00:12:03.120Z',
      scorecard: { name: 'starter', version: 2 },
    })
    const published = await eventually(async () => {
      const records = await watched().health.published(accountId)
      expect(records.at(-1)?.data).toMatchObject({ score: 63.0769230769 })
      return records
    })
    expect(unlikeGolden(published, ['health.account-scored.v1'])).toEqual([])
  })

  it('says why, in English and Japanese', async () => {
    const why = async (lang: string) =>
      (await watched().health.get(`/v1/accounts/${scoredAccount}/score?lang=${lang}`)).body

    expect(await why('en')).toMatchObject({
      why: [
        { measure: 'open-urgent-load', text: 'open urgent and high tickets weigh 2' },
        { measure: 'active-user-share', text: 'users of the last 28 days fill 100 % of the paid seats' },
        { measure: 'frequency', text: 'used on 1 of the last 28 days' },
        { measure: 'breadth', text: '1 feature used in the last 28 days' },
        { measure: 'trend', contribution: 0, text: 'not counted: the history is too short' },
        { measure: 'satisfaction', contribution: 0, text: 'not counted: nobody has rated a ticket yet' },
      ],
    })
    expect(await why('ja')).toMatchObject({ why: [{ label: '未解決の緊急チケット' }, {}, {}, {}, {}, {}] })
    expect(await watched().refusal(`${scoredAccount}/score?lang=fr`)).toEqual([400, 'VALIDATION_FAILED'])
  })

  it('tells of the change when tickets pile up, once', async () => {
    const accountId = randomUUID()
    await watched().hasSeats(accountId)
    await watched().health.say(...thriving(accountId))
    await watched().scored(accountId, { score: 100, band: 'green', partial: false })
    await watched().health.say(...['t1', 't2', 't3', 't4'].map((ticketId) => urgent(accountId, ticketId)))
    await watched().scored(accountId, { score: 60, band: 'amber' })

    const changes = await eventually(async () => {
      const all = await watched().health.published(accountId, topics.healthChanges.name)
      expect(all.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['health.band-changed.v1', 'health.score-moved.v1']),
      )
      return all
    })
    expect(unlikeGolden(changes, ['health.band-changed.v1', 'health.score-moved.v1'])).toEqual([])
    const bands = changes.flatMap(({ type, data }) => (type === 'health.band-changed.v1' ? [data] : []))
    expect(bands).toMatchObject([
      { first: true, to: { band: 'green' } },
      { from: { band: 'green' }, to: { band: 'amber' } },
    ])
  })

  describeReads(watched)
  describePassingTime(watched)

  it('shows metrics that keep the conventions, and no account in them', async () => {
    expect(metricFaults(await watched().health.metrics())).toEqual([])
  })

  it('answers as its document says', async () => {
    const accountId = randomUUID()
    await watched().health.say(productUsed({ accountId }), ticketOpened({ accountId, ticketId: randomUUID() }))
    await watched().scored(accountId, {})
    const override = { score: 80, reason: 'other', owner: 'mika', until: '2026-02-01T00:00:00Z' }
    expect((await watched().health.send('PUT', `/v1/accounts/${accountId}/override`, override)).status).toBe(200)
    const own = ['score', 'score?day=2026-01-15', 'score/history', 'usage', 'tickets', 'overrides']
    const reads = [...operatorReads, ...blueprintReads('Scorecard', 'starter'), '/v1/accounts']
    for (const path of [...reads, ...own.map((one) => `/v1/accounts/${accountId}/${one}`)])
      expect(await watched().health.get(path)).toMatchObject({ status: 200 })
    const blueprint = '/v1/blueprints/Scorecard/starter'
    const { body } = await watched().health.get(blueprint)
    const again = await watched().health.send('PUT', `${blueprint}?dryRun=true`, documentOf(body))
    expect(again).toMatchObject({ status: 200, body: { change: 'unchanged' } })
    expect((await watched().health.send('DELETE', `/v1/accounts/${accountId}/override`)).status).toBe(200)
    for (const write of operatorWrites) expect((await watched().health.send(...write)).status).toBe(200)
    // Nothing is stopped here.
    expect(watched().health.documented.unseen).toEqual(['POST /v1/operations/resume'])
  })

  it('refuses to start with another time zone', async () => {
    await expect(watched().health.restart(() => {}, { BANSO_TIMEZONE: 'Asia/Tokyo' })).rejects.toThrow(
      /BANSO_TIMEZONE=UTC/,
    )
    await watched().health.restart()
  })
}
