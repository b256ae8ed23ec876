import { productUsed, ticketOpened, ticketStatusChanged } from '@banso/testing'
import { beforeEach, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { activityOf } from '../src/domain/fold-activity.ts'
import { score } from '../src/domain/score.ts'
import { starterScorecard } from '../src/domain/scorecard.ts'
import { readAccounts } from '../src/store/accounts.ts'
import type { UsageOfDay } from '../src/store/health-reader.ts'
import { readDays } from '../src/store/usage-facts.ts'
import type { Folding, TicketEvent, UsageEvent } from './folding.ts'

const NOW = '2026-03-01T10:00:00.000Z'
const accounts = [randomUUID(), randomUUID()]
const persons = [randomUUID(), randomUUID(), randomUUID()]
const DAY_MS = 86_400_000

const chunked = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, chunk) => all.slice(chunk * size, (chunk + 1) * size))

const someUsage: fc.Arbitrary<UsageEvent> = fc
  .record({
    accountId: fc.constantFrom(...accounts),
    personId: fc.constantFrom(...persons),
    kind: fc.constantFrom('track' as const, 'track' as const, 'page' as const),
    name: fc.constantFrom('Export', 'Import', 'Login', ''),
    ago: fc.oneof(fc.integer({ min: -2, max: 60 }), fc.integer({ min: 0, max: 500 })),
    late: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ ago, late, ...data }) => {
    const time = Date.parse(NOW) - ago * DAY_MS
    return productUsed({ ...data, receivedAt: new Date(time + late * DAY_MS).toISOString() }, { time: new Date(time) })
  })

// What /usage must say, counted plainly.
const counted = (events: readonly UsageEvent[], accountId: string, knownOn: string): UsageOfDay[] => {
  const known = events.filter(({ data }) => data.accountId === accountId && data.receivedAt.slice(0, 10) <= knownOn)
  const groups = Map.groupBy(known, ({ time, data }) =>
    JSON.stringify([time.toISOString().slice(0, 10), data.kind, data.name]),
  )
  return [...groups].map(([key, group]) => {
    const [day = '', kind = '', event = ''] = JSON.parse(key) as string[]
    return { day, kind, event, count: group.length, persons: new Set(group.map(({ data }) => data.personId)).size }
  })
}
const inOrder = (usage: readonly UsageOfDay[]) =>
  usage.toSorted((a, b) =>
    JSON.stringify([a.day, a.kind, a.event]).localeCompare(JSON.stringify([b.day, b.kind, b.event])),
  )

export const describeFolding = (opened: () => Folding): void => {
  let health: Folding

  const empty = () => health.empty()
  beforeEach(() => {
    health = opened()
    return empty()
  })

  const usage = async (accountId: string, knownOn: string | null = null) =>
    inOrder(
      await health.reader.usage({
        accountId,
        from: '2020-01-01',
        to: '2030-01-01',
        after: undefined,
        limit: 9_999,
        knownOn,
      }),
    )
  const stored = () =>
    health.source.transaction((tx) =>
      readAccounts(tx, accounts, { calendar: health.calendar, day: health.calendar.dayOf(new Date(NOW)) }),
    )

  it('counts usage as it is, whatever the order and the chunks, as known on any day', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(someUsage, { maxLength: 60 }),
        fc.integer({ min: 1, max: 30 }),
        async (events, size) => {
          await empty()
          for (const chunk of chunked(events, size)) await health.usage(chunk, NOW)
          for (const accountId of accounts) {
            expect(await usage(accountId)).toEqual(inOrder(counted(events, accountId, '9999-12-31')))
            expect(await usage(accountId, '2026-02-01')).toEqual(inOrder(counted(events, accountId, '2026-02-01')))
          }
        },
      ),
      { numRuns: 15 },
    )
  })

  it('keeps an activity that scores exactly as all facts do', async () => {
    const asOf = health.calendar.dayOf(new Date(NOW)) + 1
    await fc.assert(
      fc.asyncProperty(
        fc.array(someUsage, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 1, max: 40 }),
        async (events, size) => {
          await empty()
          for (const chunk of chunked(events, size)) await health.usage(chunk, NOW)
          const days = await health.source.transaction((tx) => readDays(tx, accounts))
          for (const { accountId, activity, tickets } of await stored()) {
            const facts = {
              connected: { usage: true, tickets: true },
              tickets,
              segment: 'all',
              seats: 3,
              ratings: null,
            }
            const anew = activityOf(days.get(accountId) ?? [], asOf - 1)
            const yardstick = { scorecard: starterScorecard, peers: null }
            expect(score({ ...facts, activity }, yardstick, asOf)).toEqual(
              score({ ...facts, activity: anew }, yardstick, asOf),
            )
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('keeps of each ticket what its newest event says, in any order and repeated', async () => {
    const [accountId = ''] = accounts
    const states = ['new', 'open', 'pending', 'solved', 'open'] as const
    const events = ['t1', 't2', 't3'].flatMap((ticketId) =>
      states.map((status, index): TicketEvent => {
        const data = {
          accountId,
          ticketId,
          status,
          priority: index < 2 ? ('high' as const) : ('urgent' as const),
          openedAt: NOW,
        }
        // Two of them in the same second, told apart by their receipt.
        const time = new Date(Date.parse(NOW) + Math.min(index, 3) * 1_000)
        const receivedAt = new Date(Date.parse(NOW) + 5_000 + index).toISOString()
        return index === 0
          ? ticketOpened({ ...data, receivedAt }, { time })
          : ticketStatusChanged({ ...data, receivedAt }, { time })
      }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
        fc.integer({ min: 1, max: 15 }),
        async (shuffled, size) => {
          await empty()
          for (const chunk of chunked(shuffled, size)) await health.tickets(chunk, '2026-03-01T11:00:00.000Z')
          const [account] = await stored()
          const openedOn = health.calendar.dayOf(new Date(NOW))
          expect(account?.tickets).toEqual(
            ['t1', 't2', 't3'].map(() => ({ status: 'open', priority: 'urgent', openedOn })),
          )
        },
      ),
      { numRuns: 15 },
    )
  })

  it('ends with the same score however usage and tickets came', async () => {
    const [accountId = ''] = accounts
    const someTicket = fc
      .record({
        ticketId: fc.constantFrom('t1', 't2'),
        status: fc.constantFrom('open' as const, 'solved' as const),
        ago: fc.integer({ min: 0, max: 9 }),
      })
      .map(({ ago, ...data }) => {
        const time = new Date(Date.parse(NOW) - ago * DAY_MS)
        return ticketOpened(
          { ...data, accountId, priority: 'urgent', openedAt: time.toISOString(), receivedAt: NOW },
          { time },
        )
      })
    const mine = someUsage.filter(({ data }) => data.accountId === accountId)
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(fc.oneof(mine, someTicket), { minLength: 2, maxLength: 30 })
          .chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }))),
        async (orders) => {
          const ends: unknown[] = []
          for (const order of orders) {
            await empty()
            for (const event of order)
              if (event.type === 'ingestion.product-used.v1') await health.usage([event], NOW)
              else await health.tickets([event], NOW)
            await health.day([accountId], '2026-03-02T00:00:01.000Z')
            const scored = await health.reader.score(accountId)
            ends.push({ ...scored, band: null, measuredAnew: null }) // these have a past
          }
          expect(ends[0]).toEqual(ends[1])
        },
      ),
      { numRuns: 15 },
    )
  })

  it('gives the same state when it is rebuilt', async () => {
    const todays = accounts.map((accountId) => productUsed({ accountId, receivedAt: NOW }, { time: new Date(NOW) }))
    const events = [...fc.sample(someUsage, 80), ...todays] // of whom nothing is new, the score is of an older day
    for (const chunk of chunked(events, 20)) await health.usage(chunk, NOW)
    const before = await stored()
    await health.rebuild()
    expect((await stored()).map(({ activity, newestUsageAt }) => [activity, newestUsageAt])).toEqual(
      accounts.map(() => [null, null]).slice(0, before.length),
    )
    for (const chunk of chunked(events, 33)) await health.usage(chunk, NOW, true)

    // Where the series begin depends on when they slid; what they say does not.
    expect((await stored()).map((account) => ({ ...account, activity: null }))).toEqual(
      before.map((account) => ({ ...account, activity: null })),
    )
    health.published = []
    await health.republish(NOW)
    expect(health.published.map(({ data }) => data)).toEqual(before.map(({ scored }) => ({ ...scored, scoredAt: NOW })))
  })
}
