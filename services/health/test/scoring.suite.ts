import { type AccountScored, faultsOf } from '@banso/contracts'
import { ManualClock, ticketStatusChanged } from '@banso/testing'
import { beforeEach, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { OverrideScoreController } from '../src/override-score/override-score.controller.ts'
import { readOverrides } from '../src/store/overrides.ts'
import { type AnAccount, at, dayAfter, daysFrom, daysTo } from './an-account.ts'
import type { Folding, UsageEvent } from './folding.ts'

const load = (of: Pick<AccountScored, 'measures'> | undefined) =>
  of?.measures.find(({ measure }) => measure === 'open-urgent-load')?.value

export const describeScoring = (begun: () => AnAccount): void => {
  let account: AnAccount
  let health: Folding

  beforeEach(async () => {
    account = begun()
    health = account.health
    await health.profile(account.profiled({ seats: 1 }), at('2026-01-01'))
  })

  /** 20 days and 5 features up to the day before `day`: worth 100 by fixed bounds. */
  const thriving = (day: string): UsageEvent[] =>
    ['a', 'b', 'c', 'd', 'e'].flatMap((name) =>
      account.usedOn(daysTo(dayAfter(day, -1), 20), { name, receivedAt: at(day) }),
    )

  it('publishes a score of the first event, and of a change that it is the first', async () => {
    await health.usage([account.used('2026-03-01')], at('2026-03-01', '10:00:02.000Z'))

    expect(account.scores()).toMatchObject([
      {
        accountId: account.accountId,
        day: '2026-03-01',
        scoredAt: '2026-03-01T10:00:02.000Z',
        scorecard: { name: 'starter', version: 2 },
        score: 46.1538461538,
        band: 'amber',
        partial: true,
        oldestInputAt: at('2026-03-01'),
        newestInputAt: at('2026-03-01'),
      },
    ])
    expect(faultsOf('health.account-scored.v1', account.scores()[0])).toEqual([])
    expect(account.said('health.band-changed.v1')).toMatchObject([
      {
        from: { score: null, band: null },
        to: { score: 46.1538461538, band: 'amber' },
        first: true,
        cause: 'events',
      },
    ])
    expect(faultsOf('health.band-changed.v1', account.said('health.band-changed.v1')[0])).toEqual([])
    expect(account.moves()).toEqual([])
  })

  it('publishes a score only when it says something new', async () => {
    const first = account.used('2026-03-01', { name: 'a' })
    await health.usage([first], at('2026-03-01', '10:00:02.000Z'))
    await health.usage(
      [account.used('2026-03-01', { name: 'a', personId: first.data.personId })],
      at('2026-03-01', '11:00:00.000Z'),
    )
    expect(account.scores()).toHaveLength(1)

    await health.usage([account.used('2026-03-01', { name: 'b' })], at('2026-03-01', '12:00:00.000Z'))
    expect(account.scores()).toHaveLength(2)
  })

  it('tells of a band and a move when tickets pull the score down, with the events that did it', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    await health.tickets([account.opened('2026-03-01', 't0', { priority: 'low' })], at('2026-03-01'))
    expect(account.scores().at(-1)).toMatchObject({ score: 100, band: 'green', partial: false })

    const tickets = ['t1', 't2', 't3', 't4'].map((id) => account.opened('2026-03-02', id))
    await health.tickets(tickets, at('2026-03-02', '10:00:02.000Z'))

    // Four fresh urgent tickets weigh 8: CX = 20. CO is 100 still. H = 60.
    expect(account.scores().at(-1)).toMatchObject({ score: 60, band: 'amber' })
    expect(account.bandChanges()).toMatchObject([
      {
        from: { score: 100, band: 'green' },
        to: { score: 60, band: 'amber' },
        cause: 'events',
        newestEvent: { time: at('2026-03-02'), receivedAt: at('2026-03-02') },
      },
    ])
    expect(new Set(account.bandChanges()[0]?.evidence)).toEqual(new Set(tickets.map(({ id }) => id)))
    expect(account.moves()).toMatchObject([
      { from: { score: 100, day: '2026-03-01' }, to: { score: 60 }, movedBy: -40, cause: 'events' },
    ])
    expect(faultsOf('health.band-changed.v1', account.bandChanges()[0])).toEqual([])
    expect(faultsOf('health.score-moved.v1', account.moves()[0])).toEqual([])
  })

  it('does not tell the same move again with the next event', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    await health.tickets(
      ['t1', 't2', 't3', 't4'].map((id) => account.opened('2026-03-02', id)),
      at('2026-03-02'),
    )
    expect(account.moves()).toHaveLength(1)

    await health.usage([account.used('2026-03-02')], at('2026-03-02', '12:00:00.000Z'))
    await health.usage([account.used('2026-03-02', { name: 'z' })], at('2026-03-02', '13:00:00.000Z'))
    expect(account.moves()).toHaveLength(1)

    await health.tickets(
      ['t1', 't2', 't3', 't4'].map((ticketId) =>
        ticketStatusChanged(
          { ...account.opened('2026-03-02', ticketId).data, status: 'solved' },
          { time: at('2026-03-02', '14:00:00.000Z') },
        ),
      ),
      at('2026-03-02', '14:00:01.000Z'),
    )
    expect(account.moves().map(({ movedBy }) => movedBy)).toEqual([-40, 40])
    expect(account.scores().at(-1)).toMatchObject({ score: 100, band: 'green' })
  })

  it('lets silence take its toll once a day, and catches up with missed days', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    health.published = []

    await health.day([account.accountId], at('2026-03-02', '00:00:01.000Z'))
    expect(account.scores()).toMatchObject([{ day: '2026-03-02' }])

    await health.day([account.accountId], at('2026-03-12', '00:00:01.000Z'))
    const history = await account.history()
    expect(history.map(({ day }) => day)).toEqual(daysFrom('2026-03-01', 12))
    expect(account.scores().map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-12'])
    expect(account.moves()).toMatchObject([
      { cause: 'daily', newestEvent: null, evidence: [], from: { day: '2026-03-05' } },
    ])
  })

  it('tells what the days did apart from what the event did', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    health.published = []
    // Two weeks nobody scored; the event of today is not to blame for them.
    await health.usage([account.used('2026-03-15')], at('2026-03-15'))

    expect(account.moves().map(({ cause, evidence }) => [cause, evidence.length])).toEqual([['daily', 0]])
    expect(account.scores()).toHaveLength(1)
  })

  it('scores a backlog on the days on which its events were received', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    health.published = []
    const backlog = daysFrom('2026-03-02', 4).map((day) => account.used(day))
    await health.usage(backlog, at('2026-03-20'))

    const history = await account.history()
    expect(history.map(({ day }) => day)).toEqual(daysFrom('2026-03-01', 5))
    expect(history.at(-1)).toMatchObject({ outcome: 100 })
    expect(account.changes()).toEqual([])
  })

  it('refuses a score that a person sets while it is rebuilt, and keeps nothing of it', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    const clock = new ManualClock(at('2026-03-01'))
    const { bases, calendar } = health.parts
    const overrides = new OverrideScoreController(health.source, health.transactionsBy(clock), bases, calendar, clock)
    const groupIs = (state: string) =>
      health.source.query(
        `INSERT INTO consumer_group (name, state, changed_at) VALUES ('health', $1, now())
         ON CONFLICT (name) DO UPDATE SET state = excluded.state`,
        [state],
      )
    const set = () =>
      overrides.set(account.accountId, { score: 10, reason: 'other', owner: 'mika', until: '2026-04-01T00:00:00Z' })
    await groupIs('rebuilding')
    await health.rebuild()
    health.published = []

    const refused = { code: 'REBUILDING', status: 503, retryAfterSeconds: 30 }
    await expect(set()).rejects.toMatchObject(refused)
    await expect(overrides.lift(account.accountId)).rejects.toMatchObject(refused)
    expect(health.published).toEqual([])
    expect(await readOverrides(health.source.manager, account.accountId, null, 9)).toEqual([])

    await groupIs('running')
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    expect(await set()).toMatchObject({ score: 10, override: { owner: 'mika' } })
  })

  it('writes facts only while it is rebuilt', async () => {
    await health.usage([account.used('2026-03-01')], at('2026-03-01'), true)

    expect(health.published).toEqual([])
    expect(await health.reader.score(account.accountId)).toBeUndefined()
    await expect(health.reader.mustKnow(account.accountId)).resolves.toBeUndefined()
  })

  it('counts a ticket for the account that it was moved to', async () => {
    const other = randomUUID()
    const ticket = account.opened('2026-03-01', 't1')
    await health.tickets([ticket], at('2026-03-01'))
    await health.tickets(
      [
        ticketStatusChanged(
          { ...ticket.data, accountId: other, status: 'open' },
          { time: at('2026-03-01', '11:00:00.000Z') },
        ),
      ],
      at('2026-03-01'),
    )
    await health.day([account.accountId], at('2026-03-02'))

    expect(load(await health.reader.score(account.accountId))).toBe(0)
    expect(load(await health.reader.score(other))).toBe(2)
  })

  it('takes names that a database cannot hold', async () => {
    await health.usage(
      ['a\0b', 'a\uFFFDb', '\uD800', '\uD801'].map((name) => account.used('2026-03-01', { name })),
      at('2026-03-01'),
    )
    const usage = await health.reader.usage({
      accountId: account.accountId,
      from: '2026-03-01',
      to: '2026-03-01',
      after: undefined,
      limit: 9,
      knownOn: null,
    })
    expect(usage.map(({ count }) => count)).toEqual([2, 2])
  })
}
