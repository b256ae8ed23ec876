// What journeys promise, over either log.
import { type AccountScored, type EventData, type EventType, faultsOf, isEventType } from '@banso/contracts'
import { accountProfiled, accountScored, eventually, golden, productUsed } from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { JourneysUnderTest } from './journeys-under-test.ts'

/** The clock of the service when it starts: half an hour after the golden events. */
export const START = '2026-01-15T02:10:00.000Z'

const DAY_MS = 86_400_000
const MORNING = Date.parse('2026-01-15T01:00:00.000Z')
const ago = (days: number): Date => new Date(MORNING - days * DAY_MS)

/** Used that many days ago, and received at once unless it is said otherwise. */
const used = (accountId: string, name: string, days: number, personId = accountId, receivedDays = days) =>
  productUsed({ accountId, name, personId, receivedAt: ago(receivedDays).toISOString() }, { time: ago(days) })

const measure = (name: string, value: number, score: number): AccountScored['measures'][number] => ({
  measure: name,
  half: 'outcome',
  weight: 0.25,
  value,
  score,
  peerRank: null,
  contribution: 0,
})
const scored = (accountId: string, days: number, given: Partial<AccountScored> = {}) =>
  accountScored({
    accountId,
    day: ago(days).toISOString().slice(0, 10),
    scoredAt: ago(days).toISOString(),
    newestInputAt: ago(days).toISOString(),
    band: 'green',
    score: 80,
    measures: [measure('active-user-share', 0.9, 100), measure('breadth', 6, 90), measure('trend', 0.2, 60)],
    experience: { score: 80, coverage: 1 },
    ...given,
  })

const code = async (answer: Promise<{ status: number; body: unknown }>) => {
  const { status, body } = await answer
  return [status, (body as { code?: string }).code]
}
const kickOff = (body: unknown) =>
  (body as { milestones: { name: string }[] }).milestones.find(({ name }) => name === 'kick-off')

export const describeJourneys = (start: () => Promise<JourneysUnderTest>): void => {
  let journeys: JourneysUnderTest

  beforeAll(async () => {
    journeys = await start()
  }, 90_000)
  afterAll(() => journeys?.stop())

  const journeyOf = (accountId: string) => journeys.get(`/v1/accounts/${accountId}/journey`)
  const stands = (accountId: string, expected: object): Promise<void> =>
    eventually(async () => {
      expect(await journeyOf(accountId)).toMatchObject({ status: 200, body: expected })
    })
  /** Timers go by the clock, which stands still unless it is moved. */
  const standsByTimer = (accountId: string, expected: object): Promise<void> =>
    eventually(
      async () => {
        journeys.clock.advance(3_000)
        expect(await journeyOf(accountId)).toMatchObject({ body: expected })
      },
      { timeoutMs: 20_000, everyMs: 250 },
    )
  const told = async <T extends EventType>(accountId: string, type: T): Promise<EventData<T>[]> =>
    (await journeys.published(accountId)).flatMap((event) => (event.type === type ? [event.data as EventData<T>] : []))
  it('begins a journey with the golden event, and publishes what its schemas allow', async () => {
    // The golden event's own account is spoken of by other services' tests on the same broker.
    const accountId = randomUUID()
    await journeys.say(productUsed({ accountId }))
    await stands(accountId, {
      journey: { name: 'starter', version: 1, title: { ja: '導入・活用・拡大' } },
      stage: 'onboarding',
      standing: 'on-track',
      daysInStage: 0,
    })
    const published = await eventually(async () => {
      const all = await journeys.published(accountId)
      expect(all.map(({ type }) => type)).toEqual(['journeys.stage-entered.v1', 'journeys.milestone-reached.v1'])
      return all
    })
    for (const { type = '', data, headers } of published) {
      expect(isEventType(type) && faultsOf(type, data)).toEqual([])
      expect(Object.keys(headers)).toEqual(
        expect.arrayContaining(Object.keys(golden('journeys.stage-entered.v1').headers)),
      )
    }
  })

  it('moves on with evidence when three different things were done by two people', async () => {
    const [accountId, other] = [randomUUID(), randomUUID()]
    const events = [used(accountId, 'login', 0), used(accountId, 'report', 0), used(accountId, 'export', 0, other)]
    await journeys.say(...events.slice(0, 2))
    await stands(accountId, { stage: 'onboarding' })
    await journeys.say(...events.slice(2))
    const ids = events.map(({ id }) => id)
    await stands(accountId, {
      stage: 'adoption',
      since: ago(0).toISOString(),
      milestones: expect.arrayContaining([
        expect.objectContaining({ name: 'activation', reachedAt: ago(0).toISOString(), kind: 'automatic' }),
        expect.objectContaining({ name: 'kick-off', reachedAt: null, kind: 'manual' }),
      ]),
    })
    const [entered] = (await told(accountId, 'journeys.stage-entered.v1')).filter(({ stage }) => stage === 'adoption')
    expect(entered).toMatchObject({
      from: 'onboarding',
      direction: 'forward',
      cause: 'events',
      newestEvent: { id: ids[2] },
      reason: '3 different events used by 2 users',
      values: { keyEvents: 3, users: 2 },
    })
    expect(entered?.evidence.toSorted()).toEqual(ids.toSorted())
  })

  it('moves by history, and says how old that is', async () => {
    const [accountId, other] = [randomUUID(), randomUUID()]
    await journeys.say(
      ...['login', 'report', 'export'].map((name, index) =>
        used(accountId, name, 300 - index, index ? other : accountId, 0),
      ),
    )
    await stands(accountId, { stage: 'adoption', daysInStage: 298, standing: 'dormant' })
    const all = await eventually(async () => {
      const published = await journeys.published(accountId)
      expect(published.map(({ type }) => type)).toContain('journeys.flag-raised.v1')
      return published
    })
    for (const { data } of all) {
      const { cause, newestEvent } = data as EventData<'journeys.flag-raised.v1'>
      expect(cause).toBe('events')
      expect(newestEvent).toMatchObject({ time: ago(298).toISOString(), receivedAt: ago(0).toISOString() })
    }
  })

  it('is at risk while health is red', async () => {
    const accountId = randomUUID()
    await journeys.say(used(accountId, 'login', 0))
    await stands(accountId, { flags: [] })
    await journeys.say(scored(accountId, 0, { band: 'red', score: 30 }))
    await stands(accountId, { flags: [{ flag: 'at-risk', reason: 'health is red' }] })
    await journeys.say(scored(accountId, 0, { band: 'amber', score: 50 }))
    await stands(accountId, { flags: [] })
    await eventually(async () => {
      expect(await told(accountId, 'journeys.flag-cleared.v1')).toMatchObject([{ flag: 'at-risk', cause: 'events' }])
    })
  })

  it('goes to expansion by its scores, and back when two criteria fail for four weeks', async () => {
    const [accountId, other] = [randomUUID(), randomUUID()]
    await journeys.say(
      ...['login', 'report', 'export'].map((name, index) => used(accountId, name, 80, index ? other : accountId)),
      used(accountId, 'login', 0),
      accountProfiled({ accountId, firstObservedAt: ago(80).toISOString(), lastObservedAt: ago(0).toISOString() }),
    )
    await stands(accountId, { stage: 'adoption', daysInStage: 80 })
    const good = Array.from({ length: 22 }, (_, index) => scored(accountId, 79 - index))
    await journeys.say(...good)
    await stands(accountId, { stage: 'expansion', pace: { pace: 'on-track' } })
    const poor = [measure('active-user-share', 0.1, 10), measure('breadth', 1, 10), measure('trend', 0.2, 60)]
    await journeys.say(...Array.from({ length: 30 }, (_, index) => scored(accountId, 57 - index, { measures: poor })))
    await stands(accountId, { stage: 'adoption' })
    const stages = await told(accountId, 'journeys.stage-entered.v1')
    expect(stages.map(({ stage, direction }) => [stage, direction])).toEqual([
      ['onboarding', 'first'],
      ['adoption', 'forward'],
      ['expansion', 'forward'],
      ['adoption', 'back'],
    ])
    expect(stages.at(-1)?.values).toMatchObject({ failing: ['capacity', 'breadth'], share: 0.1, breadthScore: 10 })
  })

  it('takes the word of people, and takes it back', async () => {
    const accountId = randomUUID()
    await journeys.say(used(accountId, 'login', 0))
    await stands(accountId, { stage: 'onboarding' })
    const path = (name: string, id = accountId) => `/v1/accounts/${id}/milestones/${name}`
    const said = { note: 'met in Osaka', by: 'mika' }
    expect(kickOff((await journeys.send('POST', path('kick-off'), said)).body)).toMatchObject({
      reachedAt: journeys.clock.now().toISOString(),
      ...said,
    })
    const again = await journeys.send('POST', path('kick-off'), { ...said, note: 'twice' })
    expect(kickOff(again.body)).toMatchObject({ note: 'met in Osaka' })
    const reached = await eventually(async () => {
      const all = (await told(accountId, 'journeys.milestone-reached.v1')).filter(({ how }) => how === 'manual')
      expect(all).toHaveLength(1)
      return all
    })
    expect(reached[0]).toMatchObject({ milestone: 'kick-off', stage: 'onboarding', newestEvent: null, evidence: [] })
    expect(JSON.stringify(reached)).not.toMatch(/Osaka|mika/)
    expect(kickOff((await journeys.send('DELETE', path('kick-off'))).body)).toMatchObject({ reachedAt: null })

    expect(await code(journeys.send('DELETE', path('kick-off')))).toEqual([404, 'MILESTONE_NOT_RECORDED'])
    expect(await code(journeys.send('POST', path('activation'), said))).toEqual([409, 'MILESTONE_AUTOMATIC'])
    expect(await code(journeys.send('POST', path('nothing'), said))).toEqual([404, 'MILESTONE_NOT_FOUND'])
    expect(await code(journeys.send('POST', path('kick-off', randomUUID()), said))).toEqual([404, 'ACCOUNT_NOT_FOUND'])
    expect(await code(journeys.send('POST', path('kick-off'), { note: ' ', by: 'x' }))).toEqual([
      400,
      'VALIDATION_FAILED',
    ])
  })

  it('counts the board, and lists who stands where', async () => {
    const { body } = await journeys.get('/v1/journeys/starter/board')
    const { stages } = body as { stages: { stage: string; accounts: number; states: Record<string, number> }[] }
    expect(stages.map(({ stage }) => stage)).toEqual(['onboarding', 'adoption', 'expansion'])
    for (const { accounts, states } of stages)
      expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(accounts)
    const list = '/v1/journeys/starter/accounts'
    const adopting = stages.find(({ stage }) => stage === 'adoption')
    const all = (await journeys.get(`${list}?stage=adoption`)).body as { items: { accountId: string }[] }
    expect(all.items).toHaveLength(adopting?.accounts ?? -1)
    expect((await journeys.get(`${list}?state=dormant`)).body).toMatchObject({
      items: [{ stage: 'adoption', standing: 'dormant', reason: 'no use for 298 days', atRisk: false }],
    })
    const first = (await journeys.get(`${list}?stage=adoption&limit=1`)).body as { items: unknown[]; next: string }
    const rest = (await journeys.get(`${list}?stage=adoption&cursor=${first.next}`)).body as { items: unknown[] }
    expect([...first.items, ...rest.items]).toEqual(all.items)
    expect(await code(journeys.get(`${list}?state=fine`))).toEqual([400, 'VALIDATION_FAILED'])
    expect(await code(journeys.get('/v1/journeys/none/board'))).toEqual([404, 'JOURNEY_NOT_FOUND'])
    expect(await code(journeyOf(randomUUID()))).toEqual([404, 'ACCOUNT_NOT_FOUND'])
  })

  it('lets days pass: after an outage too, and not before it has caught up', async () => {
    const [silent, busy] = [randomUUID(), randomUUID()]
    await journeys.say(used(silent, 'login', 0), used(busy, 'login', 0))
    await stands(silent, { standing: 'on-track' })
    await stands(busy, { standing: 'on-track' })
    await journeys.say(...[10, 20, 30, 39].map((days) => used(busy, 'login', -days)))
    await journeys.restart(() => journeys.clock.set('2026-02-24T12:00:00.000Z'))
    await standsByTimer(silent, { standing: 'dormant', pace: { pace: 'behind' }, daysInStage: 40 })
    await standsByTimer(busy, { standing: 'behind', daysInStage: 40 })
    const raised = await eventually(async () => {
      const all = await told(silent, 'journeys.flag-raised.v1')
      expect(all).toHaveLength(1)
      return all
    })
    expect(raised[0]).toMatchObject({ flag: 'dormant', cause: 'daily', newestEvent: null, evidence: [] })
    expect(await told(busy, 'journeys.flag-raised.v1')).toEqual([])
  })

  it('comes out of a rebuild as it was, and tells nothing anew', async () => {
    const accounts = (await journeys.get('/v1/journeys/starter/accounts')).body as { items: { accountId: string }[] }
    const ids = accounts.items.map(({ accountId }) => accountId)
    const before = await Promise.all(ids.map(journeyOf))
    const published = await Promise.all(ids.map((id) => journeys.published(id)))
    expect((await journeys.send('POST', '/v1/operations/rebuild')).status).toBeLessThan(300)
    await eventually(
      async () => {
        const { body } = await journeys.get('/v1/operations/status')
        expect(body).toMatchObject({ groups: [{ state: 'running' }] })
        expect(await Promise.all(ids.map(journeyOf))).toEqual(before)
      },
      { timeoutMs: 30_000 },
    )
    expect(await Promise.all(ids.map((id) => journeys.published(id)))).toEqual(published)
  })

  it('refuses to start with another time zone', async () => {
    await expect(journeys.restart(() => {}, { BANSO_TIMEZONE: 'Asia/Tokyo' })).rejects.toThrow(/BANSO_TIMEZONE=UTC/)
    await journeys.restart()
  })
}
