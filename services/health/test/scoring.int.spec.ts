import { faultsOf, type AccountScored, type HealthBandChanged, type HealthScoreMoved } from '@banso/contracts'
import { accountProfiled, productUsed, ticketOpened, ticketStatusChanged } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Folding, type UsageEvent } from './folding.suite.ts'

const at = (day: string, time = '10:00:00.000Z') => `${day}T${time}`
const days = (from: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(at(from)) + index * 86_400_000).toISOString().slice(0, 10),
  )

const load = (of: AccountScored | undefined) =>
  of?.measures.find(({ measure }) => measure === 'open-urgent-load')?.value

describe('scoring', () => {
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
    await health.profile(accountProfiled({ accountId, traits: { seats: 1 } }), at('2026-01-01'))
  })

  const used = (day: string, data: Partial<UsageEvent['data']> = {}): UsageEvent =>
    productUsed({ accountId, receivedAt: at(day, '10:00:01.000Z'), ...data }, { time: at(day) })
  const opened = (day: string, ticketId: string) =>
    ticketOpened(
      { accountId, ticketId, priority: 'urgent', openedAt: at(day), receivedAt: at(day, '10:00:01.000Z') },
      { time: at(day) },
    )
  /** 20 days and 5 features up to the day before `day`: worth 100 by fixed bounds. */
  const thriving = (day: string): UsageEvent[] =>
    days(new Date(Date.parse(at(day)) - 20 * 86_400_000).toISOString().slice(0, 10), 20).flatMap((each) =>
      ['a', 'b', 'c', 'd', 'e'].map((name) => used(each, { name, receivedAt: at(day, '09:00:00.000Z') })),
    )
  const scores = () => health.said(accountId, 'health.account-scored.v1') as AccountScored[]
  const allBandChanges = () => health.said(accountId, 'health.band-changed.v1') as HealthBandChanged[]
  const bandChanges = () => allBandChanges().filter(({ first }) => !first)
  const moves = () => health.said(accountId, 'health.score-moved.v1') as HealthScoreMoved[]

  it('publishes a score of the first event, and of a change that it is the first', async () => {
    await health.usage([used('2026-03-01')], at('2026-03-01', '10:00:02.000Z'))

    expect(scores()).toMatchObject([
      {
        accountId,
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
    expect(faultsOf('health.account-scored.v1', scores()[0])).toEqual([])
    expect(allBandChanges()).toMatchObject([
      { from: { score: null, band: null }, to: { score: 46.1538461538, band: 'amber' }, first: true, cause: 'events' },
    ])
    expect(faultsOf('health.band-changed.v1', allBandChanges()[0])).toEqual([])
    expect(moves()).toEqual([])
  })

  it('publishes a score only when it says something new', async () => {
    const first = used('2026-03-01', { name: 'a' })
    await health.usage([first], at('2026-03-01', '10:00:02.000Z'))
    await health.usage(
      [used('2026-03-01', { name: 'a', personId: first.data.personId })],
      at('2026-03-01', '11:00:00.000Z'),
    )
    expect(scores()).toHaveLength(1)

    await health.usage([used('2026-03-01', { name: 'b' })], at('2026-03-01', '12:00:00.000Z'))
    expect(scores()).toHaveLength(2)
  })

  it('tells of a band and a move when tickets pull the score down, with the events that did it', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    await health.tickets(
      [{ ...opened('2026-03-01', 't0'), data: { ...opened('2026-03-01', 't0').data, priority: 'low' } }],
      at('2026-03-01'),
    )
    expect(scores().at(-1)).toMatchObject({ score: 100, band: 'green', partial: false })

    const tickets = ['t1', 't2', 't3', 't4'].map((id) => opened('2026-03-02', id))
    await health.tickets(tickets, at('2026-03-02', '10:00:02.000Z'))

    // Four fresh urgent tickets weigh 8: CX = 20. CO is 100 still. H = 60.
    expect(scores().at(-1)).toMatchObject({ score: 60, band: 'amber' })
    expect(bandChanges()).toMatchObject([
      {
        from: { score: 100, band: 'green' },
        to: { score: 60, band: 'amber' },
        cause: 'events',
        newestEvent: { time: at('2026-03-02'), receivedAt: at('2026-03-02', '10:00:01.000Z') },
      },
    ])
    expect(new Set(bandChanges()[0]?.evidence)).toEqual(new Set(tickets.map(({ id }) => id)))
    expect(moves()).toMatchObject([
      { from: { score: 100, day: '2026-03-01' }, to: { score: 60 }, movedBy: -40, cause: 'events' },
    ])
    expect(faultsOf('health.band-changed.v1', bandChanges()[0])).toEqual([])
    expect(faultsOf('health.score-moved.v1', moves()[0])).toEqual([])
  })

  it('does not tell the same move again with the next event', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    await health.tickets(
      ['t1', 't2', 't3', 't4'].map((id) => opened('2026-03-02', id)),
      at('2026-03-02'),
    )
    expect(moves()).toHaveLength(1)

    await health.usage([used('2026-03-02')], at('2026-03-02', '12:00:00.000Z'))
    await health.usage([used('2026-03-02', { name: 'z' })], at('2026-03-02', '13:00:00.000Z'))
    expect(moves()).toHaveLength(1)

    await health.tickets(
      ['t1', 't2', 't3', 't4'].map((ticketId) =>
        ticketStatusChanged(
          { ...opened('2026-03-02', ticketId).data, status: 'solved' },
          { time: at('2026-03-02', '14:00:00.000Z') },
        ),
      ),
      at('2026-03-02', '14:00:01.000Z'),
    )
    expect(moves().map(({ movedBy }) => movedBy)).toEqual([-40, 40])
    expect(scores().at(-1)).toMatchObject({ score: 100, band: 'green' })
  })

  it('lets silence take its toll once a day, and catches up with missed days', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    health.published = []

    await health.day([accountId], at('2026-03-02', '00:00:01.000Z'))
    expect(scores()).toMatchObject([{ day: '2026-03-02' }])

    await health.day([accountId], at('2026-03-12', '00:00:01.000Z'))
    const history = await health.reader.history({
      accountId,
      from: '2026-03-01',
      to: '2026-03-31',
      after: undefined,
      limit: 99,
    })
    expect(history.map(({ day }) => day)).toEqual(days('2026-03-01', 12))
    expect(scores().map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-12'])
    expect(moves()).toMatchObject([{ cause: 'daily', newestEvent: null, evidence: [], from: { day: '2026-03-05' } }])
  })

  it('tells what the days did apart from what the event did', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    health.published = []
    // Two weeks nobody scored; the event of today is not to blame for them.
    await health.usage([used('2026-03-15')], at('2026-03-15'))

    expect(moves().map(({ cause, evidence }) => [cause, evidence.length])).toEqual([['daily', 0]])
    expect(scores()).toHaveLength(1)
  })

  it('scores a backlog on the days on which its events were received', async () => {
    await health.usage(thriving('2026-03-01'), at('2026-03-01'))
    health.published = []
    const backlog = days('2026-03-02', 4).map((day) => used(day))
    await health.usage(backlog, at('2026-03-20'))

    const history = await health.reader.history({
      accountId,
      from: '2026-03-01',
      to: '2026-03-31',
      after: undefined,
      limit: 99,
    })
    expect(history.map(({ day }) => day)).toEqual(days('2026-03-01', 5))
    expect(history.at(-1)).toMatchObject({ outcome: 100 })
    expect([...moves(), ...bandChanges()]).toEqual([])
  })

  it('writes facts only while it is rebuilt', async () => {
    await health.usage([used('2026-03-01')], at('2026-03-01'), true)

    expect(health.published).toEqual([])
    expect(await health.reader.score(accountId)).toBeUndefined()
    await expect(health.reader.mustKnow(accountId)).resolves.toBeUndefined()
  })

  it('counts a ticket for the account that it was moved to', async () => {
    const other = randomUUID()
    const ticket = opened('2026-03-01', 't1')
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
    await health.day([accountId], at('2026-03-02'))

    expect(load(await health.reader.score(accountId))).toBe(0)
    expect(load(await health.reader.score(other))).toBe(2)
  })

  it('takes names that a database cannot hold', async () => {
    await health.usage(
      ['a\0b', 'a\uFFFDb', '\uD800', '\uD801'].map((name) => used('2026-03-01', { name })),
      at('2026-03-01'),
    )
    const usage = await health.reader.usage({
      accountId,
      from: '2026-03-01',
      to: '2026-03-01',
      after: undefined,
      limit: 9,
      knownOn: null,
    })
    expect(usage.map(({ count }) => count)).toEqual([2, 2])
  })
})
