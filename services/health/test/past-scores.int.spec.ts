import { accountProfiled, productUsed, ticketOpened, ticketRated, ticketStatusChanged } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { parseDay } from '@banso/platform'
import { type PastScored, PastScores } from '../src/store/past-scores.ts'
import { useScorecard } from '../src/store/scorecard-uses.ts'
import { Folding } from './folding.suite.ts'

const at = (day: string, time = '10:00:00.000Z') => `${day}T${time}`

const valuesOf = (of: PastScored['known']) =>
  Object.fromEntries((of?.measures ?? []).map(({ measure, value }) => [measure, value]))

describe('a score of the past', () => {
  let health: Folding
  let accountId: string

  beforeAll(async () => {
    health = await Folding.open()
  })
  afterAll(() => health?.close())
  beforeEach(async () => {
    accountId = randomUUID()
    await health.empty()
    await health.profile(
      accountProfiled({ accountId, traits: { seats: 2 } }, { time: at('2026-02-01') }),
      at('2026-02-01'),
    )
  })

  const uses = (day: string, receivedOn = day, data = {}) =>
    health.usage([productUsed({ accountId, receivedAt: at(receivedOn), ...data }, { time: at(day) })], at(receivedOn))
  const ticket = (status: 'open' | 'solved', on: string, receivedOn = on) => {
    const make = status === 'open' ? ticketOpened : ticketStatusChanged
    const data = { accountId, ticketId: 't1', priority: 'urgent' as const, status, openedAt: at('2026-03-01') }
    return health.tickets([make({ ...data, receivedAt: at(receivedOn) }, { time: at(on) })], at(receivedOn))
  }
  const past = (day: string, knownOn = day): Promise<PastScored> =>
    new PastScores(health.source, health.parts).scoreOf(accountId, parseDay(day), parseDay(knownOn), 'en')

  it('is what was published, as long as nothing came late', async () => {
    await uses('2026-03-01')
    await ticket('open', '2026-03-01')
    await health.day([accountId], at('2026-03-02', '00:00:05.000Z'))
    await uses('2026-03-02', '2026-03-02', { name: 'b', personId: randomUUID() })

    for (const day of ['2026-03-01', '2026-03-02']) {
      const { published, known, corrected } = await past(day)
      expect(published?.score).not.toBeNull()
      expect(known?.score).toBe(published?.score)
      expect(corrected).toEqual(known)
    }
    expect((await past('2026-03-02')).known?.score).not.toBe((await past('2026-03-01')).known?.score)
  })

  it('stays as it was known when facts come late; the corrected one has them', async () => {
    await uses('2026-03-01')
    await ticket('open', '2026-03-01')
    const before = await past('2026-03-01')
    await uses('2026-02-27', '2026-03-04')
    await uses('2026-02-28', '2026-03-04', { name: 'b', personId: randomUUID() })
    await ticket('solved', '2026-03-01', '2026-03-04')
    const rated = { accountId, ticketId: 't1', status: 'solved' as const, receivedAt: at('2026-03-04') }
    await health.tickets([ticketRated({ ...rated, rating: 'bad' }, { time: at('2026-03-01') })], at('2026-03-04'))

    const after = await past('2026-03-01')
    expect(after.known).toEqual(before.known)
    expect(after.published).toEqual(before.published)
    expect(valuesOf(after.known)).toMatchObject({ frequency: 1, breadth: 1, 'open-urgent-load': 2, satisfaction: null })
    expect(valuesOf(after.corrected)).toMatchObject({
      frequency: 3,
      breadth: 2,
      'active-user-share': 1,
      'open-urgent-load': 0,
      satisfaction: (5 * 0.8) / 6,
    })
    expect((await past('2026-03-01', '2026-03-04')).known).toEqual(after.corrected)
  })

  it('is scored by the scorecard and the peer table of its day', async () => {
    await uses('2026-03-01')
    await health.freeze(at('2026-03-02', '00:00:05.000Z'))
    await health.day([accountId], at('2026-03-02', '00:00:06.000Z'))
    const before = await past('2026-03-02')
    expect(before).toMatchObject({ scorecard: { version: 2 }, peersOn: '2026-03-02' })

    await health.source.transaction((tx) =>
      useScorecard(tx, { name: 'starter', version: 1 }, new Date(at('2026-03-03'))),
    )
    await health.freeze(at('2026-03-03', '12:00:00.000Z'))
    await health.day([accountId], at('2026-03-03', '12:00:01.000Z'))

    expect(await past('2026-03-02')).toEqual(before)
    expect(await past('2026-03-03')).toMatchObject({ scorecard: { version: 1 }, peersOn: '2026-03-03' })
    await health.source.query(`DELETE FROM scorecard_use WHERE version = 1`)
  })

  it('takes the seats that were known then', async () => {
    await uses('2026-03-01')
    const later = accountProfiled({ accountId, traits: { seats: 10 } }, { time: at('2026-03-05') })
    await health.profile(later, at('2026-03-05'), 2)

    expect(valuesOf((await past('2026-03-01')).known)).toMatchObject({ 'active-user-share': 0.5 })
    expect(valuesOf((await past('2026-03-05')).known)).toMatchObject({ 'active-user-share': 0.1 })
  })

  it('is none of a day on which nothing was known of the account', async () => {
    await uses('2026-02-20', '2026-03-04')

    const { known, corrected, published } = await past('2026-02-25')
    expect([known, published]).toEqual([null, null])
    expect(valuesOf(corrected)).toMatchObject({ frequency: 1, 'open-urgent-load': null })
  })
})
