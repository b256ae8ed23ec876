// What scores are made of, beyond usage and open tickets: seats, ratings, peers; and what their changes are split into.
import { type AccountScored, faultsOf, type HealthAlarmRaised, type HealthScoreMoved } from '@banso/contracts'
import { accountProfiled, productUsed, ticketOpened, ticketRated } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { useScorecard } from '../src/store/scorecard-uses.ts'
import { Folding, type UsageEvent } from './folding.suite.ts'

const DAY_MS = 86_400_000
const at = (day: string, time = '10:00:00.000Z') => `${day}T${time}`
const dayAfter = (day: string, count: number): string =>
  new Date(Date.parse(at(day)) + count * DAY_MS).toISOString().slice(0, 10)

const split = (change: HealthScoreMoved | undefined) => change?.split?.map(({ cause }) => cause)
const sumOf = (change: HealthScoreMoved | undefined) => change?.split?.reduce((sum, { points }) => sum + points, 0)

describe('the inputs of a score', () => {
  let health: Folding
  let accountId: string

  beforeAll(async () => {
    health = await Folding.open()
  })
  afterAll(() => health?.close())
  beforeEach(async () => {
    accountId = randomUUID()
    health.published = []
    await health.empty()
  })

  const used = (day: string, data: Partial<UsageEvent['data']> = {}): UsageEvent =>
    productUsed({ accountId, receivedAt: at(day), ...data }, { time: at(day) })
  const profiled = (traits: Record<string, unknown>, day = '2026-01-01') =>
    accountProfiled({ accountId, traits, lastObservedAt: at(day) }, { time: at(day) })
  const rated = (day: string, rating: 'good' | 'bad', ticketId = 't1', receivedOn = day) =>
    ticketRated({ accountId, ticketId, rating, status: 'solved', receivedAt: at(receivedOn) }, { time: at(day) })
  const measureOf = async (name: string) =>
    (await health.reader.score(accountId))?.measures.find(({ measure }) => measure === name)
  const scores = (of = accountId) => health.said(of, 'health.account-scored.v1') as AccountScored[]
  const moves = () => health.said(accountId, 'health.score-moved.v1') as HealthScoreMoved[]

  it('are the seats of the newest profile, whichever comes last', async () => {
    await health.profile(profiled({ seats: 4 }), at('2026-01-01'), 2)
    await health.profile(profiled({ seats: 99 }), at('2026-01-01'), 1)
    await health.usage([used('2026-03-01'), used('2026-03-01', { personId: randomUUID() })], at('2026-03-01'))

    expect(await measureOf('active-user-share')).toMatchObject({ value: 0.5, score: 62.5, peerRank: null })
  })

  it('score an account again when its seats change, and say that it was news of that day', async () => {
    await health.profile(profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage([used('2026-03-01')], at('2026-03-01'))
    await health.tickets([rated('2026-03-01', 'good')], at('2026-03-01')) // all kinds are connected
    await health.profile(profiled({ seats: '20' }, '2026-03-01'), at('2026-03-01', '11:00:00.000Z'), 2)

    expect(await measureOf('active-user-share')).toMatchObject({ value: 0.05 })
    expect(moves().at(-1)).toMatchObject({ cause: 'events', newestEvent: { time: at('2026-03-01') } })
    expect(split(moves().at(-1))).toEqual(['behaviour'])
  })

  it('tell that an observation of long ago was received now: what it changes is history', async () => {
    await health.usage([used('2026-03-01')], at('2026-03-01'))
    await health.tickets([rated('2026-03-01', 'good')], at('2026-03-01'))
    await health.profile(profiled({ seats: 1 }, '2026-01-01'), at('2026-03-01', '11:00:00.000Z'))

    const newestEvent = { time: at('2026-01-01'), receivedAt: at('2026-03-01', '11:00:00.000Z') }
    expect(moves().at(-1)).toMatchObject({ cause: 'events', newestEvent })
  })

  it('are no seats where nobody told of any: the measure is missing, and nothing is scored by a profile alone', async () => {
    await health.profile(profiled({ plan: 'pro' }), at('2026-03-01'), 1)
    expect(health.published).toEqual([])
    await health.usage([used('2026-03-01')], at('2026-03-01'))

    expect(await measureOf('active-user-share')).toMatchObject({ value: null, missing: 'no-seats' })
  })

  it('are the latest rating of each ticket, in any order', async () => {
    const ratings = [rated('2026-03-01', 'bad'), rated('2026-03-02', 'good'), rated('2026-03-02', 'good', 't2')]
    const values: unknown[] = []
    for (const order of [ratings, ratings.toReversed()]) {
      await health.empty()
      for (const each of order) await health.tickets([each], at('2026-03-02'))
      values.push((await measureOf('satisfaction'))?.value)
    }
    // Two good ones, no bad: (2 + 5·0.8)/(2 + 5).
    expect(values).toEqual([6 / 7, 6 / 7])
  })

  it('compare an account with its peers once thirty are there, by a table that stays for the day', async () => {
    const others = Array.from({ length: 30 }, () => randomUUID())
    await health.usage(
      others.map((other) => used('2026-03-01', { accountId: other })),
      at('2026-03-01'),
    )
    await health.usage([used('2026-03-01'), used('2026-02-28')], at('2026-03-01'))
    await health.freeze(at('2026-03-02', '00:00:05.000Z'))
    await health.day([accountId], at('2026-03-02', '00:00:06.000Z'))
    expect(await measureOf('frequency')).toMatchObject({ value: 2, peerRank: (100 * 30.5) / 31 })

    await health.usage(
      others.flatMap((other) =>
        ['2026-02-25', '2026-02-26', '2026-03-02'].map((day) => used(day, { accountId: other })),
      ),
      at('2026-03-02'),
    )
    await health.freeze(at('2026-03-02', '12:00:00.000Z'))
    await health.usage([used('2026-03-02')], at('2026-03-02', '12:00:01.000Z'))
    expect(await measureOf('frequency')).toMatchObject({ value: 3, peerRank: 100 })

    await health.freeze(at('2026-03-03', '00:00:05.000Z'))
    await health.day([accountId], at('2026-03-03', '00:00:06.000Z'))
    expect((await measureOf('frequency'))?.peerRank).toBeLessThan(5)
  })

  it('split a move by its causes: what came late, and what happened', async () => {
    await health.profile(profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage([used('2026-03-01')], at('2026-03-01'))
    const late = Array.from({ length: 12 }, (_, ago) =>
      used(dayAfter('2026-02-28', -ago), { receivedAt: at('2026-03-01') }),
    )
    const now = ['a', 'b', 'c', 'd'].map((name) => used('2026-03-01', { name }))
    await health.usage([...late, ...now], at('2026-03-01', '11:00:00.000Z'))

    const [move] = moves()
    expect(split(move)).toEqual(['late-data', 'behaviour'])
    expect(sumOf(move)).toBeCloseTo((move?.to.score ?? 0) - (move?.from.score ?? 0), 9)
    expect(faultsOf('health.score-moved.v1', move)).toEqual([])
  })

  it('tell by the events of the past what these alone moved, though one of today came with them', async () => {
    await health.profile(profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage([used('2026-03-01')], at('2026-03-01'))
    const late = Array.from({ length: 12 }, (_, ago) =>
      used(dayAfter('2026-02-27', -ago), { receivedAt: at('2026-03-01') }),
    )
    const today = used('2026-03-01')
    await health.usage([today, ...late], at('2026-03-01', '11:00:00.000Z'))

    expect(moves()).toMatchObject([{ cause: 'events', newestEvent: { time: at('2026-02-27') } }])
    expect(split(moves()[0])).toEqual(['late-data'])
    expect(moves()[0]?.evidence).not.toContain(today.id)
  })

  it('split a move by its causes: another scorecard, and the passing of days', async () => {
    await health.profile(profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage(
      Array.from({ length: 20 }, (_, ago) => used(dayAfter('2026-03-01', -ago), { receivedAt: at('2026-03-01') })),
      at('2026-03-01'),
    )
    await health.day([accountId], at('2026-03-05'))
    const before = scores().at(-1)
    await health.source.transaction((tx) =>
      useScorecard(tx, { name: 'starter', version: 1 }, new Date(at('2026-03-11'))),
    )
    await health.day([accountId], at('2026-03-12'))

    const [move] = moves()
    expect(move).toMatchObject({ cause: 'daily', newestEvent: null, scorecard: { name: 'starter', version: 1 } })
    expect(split(move)).toEqual(['configuration', 'ageing'])
    expect(sumOf(move)).toBeCloseTo((move?.to.score ?? 0) - (before?.score ?? 0), 9)
    await health.source.query(`DELETE FROM scorecard_use WHERE version = 1`)
  })

  it('raise an alarm when use falls far below what is usual, once', async () => {
    const weeks = Array.from({ length: 84 }, (_, ago) => dayAfter('2026-03-01', -ago)).flatMap((day) =>
      Array.from({ length: 5 }, () => used(day, { personId: randomUUID(), receivedAt: at('2026-03-01') })),
    )
    await health.usage(weeks, at('2026-03-01'))
    for (let after = 1; after <= 25; after += 1)
      await health.day([accountId], at(dayAfter('2026-03-01', after), '00:00:10.000Z'))

    const alarms = health.said(accountId, 'health.alarm-raised.v1') as HealthAlarmRaised[]
    expect(alarms).toHaveLength(1)
    expect(alarms[0]?.usual).toBeGreaterThan(30)
    expect(alarms[0]?.recent).toBeLessThan(20)
    expect(faultsOf('health.alarm-raised.v1', alarms[0])).toEqual([])
  })

  it('count a ticket that is opened as an event, and keep what support says through a rebuild', async () => {
    await health.tickets(
      [
        ticketOpened({ accountId, ticketId: 't9', priority: 'urgent', receivedAt: at('2026-03-01') }),
        rated('2026-03-01', 'bad'),
      ],
      at('2026-03-01'),
    )
    const before = await measureOf('satisfaction')
    await health.rebuild()
    await health.tickets([rated('2026-03-01', 'bad')], at('2026-03-01'), true)
    await health.republish(at('2026-03-01', '12:00:00.000Z'))

    expect(await measureOf('satisfaction')).toEqual(before)
    expect((await measureOf('open-urgent-load'))?.value).toBe(0)
  })
})
