// How accounts move along, over either log.
import type { EventData } from '@banso/contracts'
import { accountProfiled, eventually, productUsed, unlikeGolden } from '@banso/testing'
import { expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { ago, measure, scored, used } from './journey-events.ts'
import type { JourneysWatched } from './journeys-watched.ts'

export const describeMovingOn = (watched: () => JourneysWatched): void => {
  it('begins a journey with the golden event, and publishes what its schemas allow', async () => {
    // The golden event's own account is spoken of by other services' tests on the same broker.
    const accountId = randomUUID()
    await watched().journeys.say(productUsed({ accountId }))
    await watched().stands(accountId, {
      journey: { name: 'starter', version: 1, title: { ja: '導入・活用・拡大' } },
      stage: 'onboarding',
      standing: 'on-track',
      daysInStage: 0,
    })
    const published = await eventually(async () => {
      const all = await watched().journeys.published(accountId)
      expect(all.map(({ type }) => type)).toEqual(['journeys.stage-entered.v1', 'journeys.milestone-reached.v1'])
      return all
    })
    expect(unlikeGolden(published, ['journeys.milestone-reached.v1'])).toEqual([])
  })

  it('moves on with evidence when three different things were done by two people', async () => {
    const [accountId, other] = [randomUUID(), randomUUID()]
    const events = [used(accountId, 'login', 0), used(accountId, 'report', 0), used(accountId, 'export', 0, other)]
    await watched().journeys.say(...events.slice(0, 2))
    await watched().stands(accountId, { stage: 'onboarding' })
    await watched().journeys.say(...events.slice(2))
    const ids = events.map(({ id }) => id)
    await watched().stands(accountId, {
      stage: 'adoption',
      since: ago(0).toISOString(),
      milestones: expect.arrayContaining([
        expect.objectContaining({ name: 'activation', reachedAt: ago(0).toISOString(), kind: 'automatic' }),
        expect.objectContaining({ name: 'kick-off', reachedAt: null, kind: 'manual' }),
      ]),
    })
    await eventually(async () => {
      expect(unlikeGolden(await watched().journeys.published(accountId), ['journeys.stage-entered.v1'])).toEqual([])
    })
    const [entered] = (await watched().told(accountId, 'journeys.stage-entered.v1')).filter(
      ({ stage }) => stage === 'adoption',
    )
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
    await watched().journeys.say(
      ...['login', 'report', 'export'].map((name, index) =>
        used(accountId, name, 300 - index, index ? other : accountId, 0),
      ),
    )
    await watched().stands(accountId, { stage: 'adoption', daysInStage: 298, standing: 'dormant' })
    const all = await eventually(async () => {
      const published = await watched().journeys.published(accountId)
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
    await watched().journeys.say(used(accountId, 'login', 0))
    await watched().stands(accountId, { flags: [] })
    await watched().journeys.say(scored(accountId, 0, { band: 'red', score: 30 }))
    await watched().stands(accountId, { flags: [{ flag: 'at-risk', reason: 'health is red' }] })
    await watched().journeys.say(
      scored(accountId, 0, { band: 'amber', score: 50, measures: [measure('trend', 0.1, 55)] }),
    )
    await watched().stands(accountId, { flags: [] })
    await eventually(async () => {
      expect(await watched().told(accountId, 'journeys.flag-cleared.v1')).toMatchObject([
        { flag: 'at-risk', cause: 'events' },
      ])
    })
    expect(unlikeGolden(await watched().journeys.published(accountId), ['journeys.flag-cleared.v1'])).toEqual([])
  })

  it('is no more and no less at risk by a measure that is new for everybody', async () => {
    const accountId = randomUUID()
    const compared = (date: number, band: 'red' | 'amber', by: 'red' | 'amber') =>
      scored(accountId, -date, { band, measuredAnew: { day: `2026-01-${15 + date}`, band: by } })
    const tell = async (event: ReturnType<typeof scored>, flags: object[]) => {
      await watched().journeys.say(event)
      await watched().stands(accountId, { flags })
    }
    const atRisk = [{ flag: 'at-risk' }]
    await watched().journeys.say(used(accountId, 'login', 0))
    await tell(scored(accountId, 0, { band: 'amber' }), [])
    await tell(compared(1, 'red', 'red'), atRisk)
    await tell(compared(2, 'amber', 'amber'), [])
    await tell(compared(3, 'red', 'amber'), atRisk)
    await eventually(async () => {
      const flags = ['journeys.flag-raised.v1', 'journeys.flag-cleared.v1'] as const
      const [raised, cleared] = await Promise.all(flags.map((type) => watched().told(accountId, type)))
      expect(raised?.map(({ first }) => first)).toEqual([true, undefined])
      expect(cleared?.map(({ first }) => first)).toEqual([true])
    })
  })

  it('goes to expansion by its scores, and back when two criteria fail for four weeks', async () => {
    const [accountId, other] = [randomUUID(), randomUUID()]
    await watched().journeys.say(
      ...['login', 'report', 'export'].map((name, index) => used(accountId, name, 80, index ? other : accountId)),
      used(accountId, 'login', 0),
      accountProfiled({ accountId, firstObservedAt: ago(80).toISOString(), lastObservedAt: ago(0).toISOString() }),
    )
    await watched().stands(accountId, { stage: 'adoption', daysInStage: 80 })
    const good = Array.from({ length: 22 }, (_, index) => scored(accountId, 79 - index))
    await watched().journeys.say(...good)
    await watched().stands(accountId, { stage: 'expansion', pace: { pace: 'on-track' } })
    const poor = [measure('active-user-share', 0.1, 10), measure('breadth', 1, 10), measure('trend', 0.2, 60)]
    await watched().journeys.say(
      ...Array.from({ length: 30 }, (_, index) => scored(accountId, 57 - index, { measures: poor })),
    )
    await watched().stands(accountId, { stage: 'adoption' })
    const stages = await eventually(async () => {
      const told = await watched().told(accountId, 'journeys.stage-entered.v1')
      expect(told.map(({ stage, direction }) => [stage, direction])).toEqual([
        ['onboarding', 'first'],
        ['adoption', 'forward'],
        ['expansion', 'forward'],
        ['adoption', 'back'],
      ])
      return told
    })
    expect(stages.at(-1)?.values).toMatchObject({ failing: ['capacity', 'breadth'], share: 0.1, breadthScore: 10 })
  })
}
