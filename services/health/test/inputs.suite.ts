// What scores are made of, beyond usage and open tickets: seats, ratings, peers; and what their changes are split into.
import { faultsOf, type HealthScoreMoved } from '@banso/contracts'
import { parseDay } from '@banso/platform'
import { unlikeGolden } from '@banso/testing'
import { beforeEach, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { readAccounts } from '../src/store/accounts.ts'
import { useScorecard } from '../src/store/scorecard-uses.ts'
import { type AnAccount, at, dayAfter } from './an-account.ts'
import type { Folding } from './folding.ts'

const split = (change: HealthScoreMoved | undefined) => change?.split?.map(({ cause }) => cause)
const sumOf = (change: HealthScoreMoved | undefined) => change?.split?.reduce((sum, { points }) => sum + points, 0)

export const describeInputs = (begun: () => AnAccount): void => {
  let account: AnAccount
  let health: Folding

  beforeEach(() => {
    account = begun()
    health = account.health
  })

  it('are the seats of the newest profile, whichever comes last', async () => {
    await health.profile(account.profiled({ seats: 4 }), at('2026-01-01'), 2)
    await health.profile(account.profiled({ seats: 99 }), at('2026-01-01'), 1)
    await health.usage(
      [account.used('2026-03-01'), account.used('2026-03-01', { personId: randomUUID() })],
      at('2026-03-01'),
    )

    expect(await account.measure('active-user-share')).toMatchObject({ value: 0.5, score: 62.5, peerRank: null })
  })

  it('score an account again when its seats change, and say that it was news of that day', async () => {
    await health.profile(account.profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage([account.used('2026-03-01')], at('2026-03-01'))
    await health.tickets([account.rated('2026-03-01', 'good')], at('2026-03-01')) // all kinds are connected
    await health.profile(account.profiled({ seats: '20' }, '2026-03-01'), at('2026-03-01', '11:00:00.000Z'), 2)

    expect(await account.measure('active-user-share')).toMatchObject({ value: 0.05 })
    expect(account.moves().at(-1)).toMatchObject({ cause: 'events', newestEvent: { time: at('2026-03-01') } })
    expect(split(account.moves().at(-1))).toEqual(['behaviour'])
  })

  it('tell that an observation of long ago was received now: what it changes is history', async () => {
    await health.usage([account.used('2026-03-01')], at('2026-03-01'))
    await health.tickets([account.rated('2026-03-01', 'good')], at('2026-03-01'))
    await health.profile(account.profiled({ seats: 1 }, '2026-01-01'), at('2026-03-01', '11:00:00.000Z'))

    const newestEvent = { time: at('2026-01-01'), receivedAt: at('2026-03-01', '11:00:00.000Z') }
    expect(account.moves().at(-1)).toMatchObject({ cause: 'events', newestEvent })
  })

  it('are no seats where nobody told of any: the measure is missing, and nothing is scored by a profile alone', async () => {
    await health.profile(account.profiled({ plan: 'pro' }), at('2026-03-01'), 1)
    expect(health.published).toEqual([])
    await health.usage([account.used('2026-03-01')], at('2026-03-01'))

    expect(await account.measure('active-user-share')).toMatchObject({ value: null, missing: 'no-seats' })
  })

  it('are the latest rating of each ticket, in any order', async () => {
    const ratings = [
      account.rated('2026-03-01', 'bad'),
      account.rated('2026-03-02', 'good'),
      account.rated('2026-03-02', 'good', { ticketId: 't2' }),
    ]
    const values: unknown[] = []
    for (const order of [ratings, ratings.toReversed()]) {
      await health.empty()
      for (const each of order) await health.tickets([each], at('2026-03-02'))
      values.push((await account.measure('satisfaction'))?.value)
    }
    // Two good ones, no bad: (2 + 5·0.8)/(2 + 5).
    expect(values).toEqual([6 / 7, 6 / 7])
  })

  it('are read no longer than they count, and not one by one', async () => {
    const received = { receivedAt: at('2026-03-01') }
    const ratings = ['2020-01-01', '2026-02-27', '2026-02-28'].flatMap((day) =>
      Array.from({ length: 50 }, (_, index) =>
        account.rated(day, index % 5 === 0 ? 'bad' : 'good', { ...received, ticketId: `${day}/${index}` }),
      ),
    )
    await health.tickets(ratings, at('2026-03-01'))
    const look = { calendar: health.calendar, day: parseDay('2026-03-01') }
    const [known] = await readAccounts(health.source.manager, [account.accountId], look)

    expect(known?.ratings).toEqual(
      ['2026-02-27', '2026-02-28'].map((day) => ({ day: parseDay(day), good: 40, all: 50 })),
    )
  })

  it('compare an account with its peers once thirty are there, by a table that stays for the day', async () => {
    const others = Array.from({ length: 30 }, () => randomUUID())
    await health.usage(
      others.map((other) => account.used('2026-03-01', { accountId: other })),
      at('2026-03-01'),
    )
    await health.usage([account.used('2026-03-01'), account.used('2026-02-28')], at('2026-03-01'))
    await health.freeze(at('2026-03-02', '00:00:05.000Z'))
    await health.day([account.accountId], at('2026-03-02', '00:00:06.000Z'))
    expect(await account.measure('frequency')).toMatchObject({ value: 2, peerRank: (100 * 30.5) / 31 })

    await health.usage(
      others.flatMap((other) =>
        ['2026-02-25', '2026-02-26', '2026-03-02'].map((day) => account.used(day, { accountId: other })),
      ),
      at('2026-03-02'),
    )
    await health.freeze(at('2026-03-02', '12:00:00.000Z'))
    await health.usage([account.used('2026-03-02')], at('2026-03-02', '12:00:01.000Z'))
    expect(await account.measure('frequency')).toMatchObject({ value: 3, peerRank: 100 })

    await health.freeze(at('2026-03-03', '00:00:05.000Z'))
    await health.day([account.accountId], at('2026-03-03', '00:00:06.000Z'))
    expect((await account.measure('frequency'))?.peerRank).toBeLessThan(5)
  })

  it('split a move by its causes: what came late, and what happened', async () => {
    await health.profile(account.profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage([account.used('2026-03-01')], at('2026-03-01'))
    const late = Array.from({ length: 12 }, (_, ago) =>
      account.used(dayAfter('2026-02-28', -ago), { receivedAt: at('2026-03-01') }),
    )
    const now = ['a', 'b', 'c', 'd'].map((name) => account.used('2026-03-01', { name }))
    await health.usage([...late, ...now], at('2026-03-01', '11:00:00.000Z'))

    const [move] = account.moves()
    expect(split(move)).toEqual(['late-data', 'behaviour'])
    expect(sumOf(move)).toBeCloseTo((move?.to.score ?? 0) - (move?.from.score ?? 0), 9)
    expect(faultsOf('health.score-moved.v1', move)).toEqual([])
  })

  it('tell by the events of the past what these alone moved, though one of today came with them', async () => {
    await health.profile(account.profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage([account.used('2026-03-01')], at('2026-03-01'))
    const late = Array.from({ length: 12 }, (_, ago) =>
      account.used(dayAfter('2026-02-27', -ago), { receivedAt: at('2026-03-01') }),
    )
    const today = account.used('2026-03-01')
    await health.usage([today, ...late], at('2026-03-01', '11:00:00.000Z'))

    expect(account.moves()).toMatchObject([{ cause: 'events', newestEvent: { time: at('2026-02-27') } }])
    expect(split(account.moves()[0])).toEqual(['late-data'])
    expect(account.moves()[0]?.evidence).not.toContain(today.id)
  })

  it('split a move by its causes: another scorecard, and the passing of days', async () => {
    await health.profile(account.profiled({ seats: 1 }), at('2026-01-01'), 1)
    await health.usage(
      Array.from({ length: 20 }, (_, ago) =>
        account.used(dayAfter('2026-03-01', -ago), { receivedAt: at('2026-03-01') }),
      ),
      at('2026-03-01'),
    )
    await health.day([account.accountId], at('2026-03-05'))
    const before = account.scores().at(-1)
    await health.source.transaction((tx) =>
      useScorecard(tx, { name: 'starter', version: 1 }, new Date(at('2026-03-11'))),
    )
    await health.day([account.accountId], at('2026-03-12'))

    const [move] = account.moves()
    expect(move).toMatchObject({ cause: 'daily', newestEvent: null, scorecard: { name: 'starter', version: 1 } })
    expect(split(move)).toEqual(['configuration', 'ageing'])
    expect(sumOf(move)).toBeCloseTo((move?.to.score ?? 0) - (before?.score ?? 0), 9)
  })

  it('raise an alarm when use falls far below what is usual, once', async () => {
    const weeks = Array.from({ length: 84 }, (_, ago) => dayAfter('2026-03-01', -ago)).flatMap((day) =>
      Array.from({ length: 5 }, () => account.used(day, { personId: randomUUID(), receivedAt: at('2026-03-01') })),
    )
    await health.usage(weeks, at('2026-03-01'))
    for (let after = 1; after <= 25; after += 1)
      await health.day([account.accountId], at(dayAfter('2026-03-01', after), '00:00:10.000Z'))

    const alarms = account.alarms()
    expect(alarms).toHaveLength(1)
    expect(alarms[0]?.usual).toBeGreaterThan(30)
    expect(alarms[0]?.recent).toBeLessThan(20)
    const type = 'health.alarm-raised.v1'
    expect(unlikeGolden([{ type, data: alarms[0] }], [type])).toEqual([])
  })

  it('count a ticket that is opened as an event, and keep what support says through a rebuild', async () => {
    await health.tickets([account.opened('2026-03-01', 't9'), account.rated('2026-03-01', 'bad')], at('2026-03-01'))
    const before = await account.measure('satisfaction')
    await health.rebuild()
    await health.tickets([account.rated('2026-03-01', 'bad')], at('2026-03-01'), true)
    await health.republish(at('2026-03-01', '12:00:00.000Z'))

    expect(await account.measure('satisfaction')).toEqual(before)
    expect((await account.measure('open-urgent-load'))?.value).toBe(0)
  })
}
