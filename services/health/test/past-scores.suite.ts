import { ticketStatusChanged } from '@banso/testing'
import { beforeEach, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { parseDay } from '@banso/platform'
import { type PastScored, PastScores } from '../src/store/past-scores.ts'
import { useScorecard } from '../src/store/scorecard-uses.ts'
import { type AnAccount, at } from './an-account.ts'
import type { Folding } from './folding.ts'

const valuesOf = (of: PastScored['known']) =>
  Object.fromEntries((of?.measures ?? []).map(({ measure, value }) => [measure, value]))

export const describePastScores = (begun: () => AnAccount): void => {
  let account: AnAccount
  let health: Folding

  beforeEach(async () => {
    account = begun()
    health = account.health
    await health.profile(account.profiled({ seats: 2 }, '2026-02-01'), at('2026-02-01'))
  })

  const uses = (day: string, receivedOn = day, data = {}) =>
    health.usage([account.used(day, { receivedAt: at(receivedOn), ...data })], at(receivedOn))
  const ticket = () => health.tickets([account.opened('2026-03-01', 't1')], at('2026-03-01'))
  const solved = (on: string, receivedOn: string) => {
    const { data } = account.opened('2026-03-01', 't1', { status: 'solved', receivedAt: at(receivedOn) })
    return health.tickets([ticketStatusChanged(data, { time: at(on) })], at(receivedOn))
  }
  const past = (day: string, knownOn = day): Promise<PastScored> =>
    new PastScores(health.source, health.parts).scoreOf(account.accountId, parseDay(day), parseDay(knownOn), 'en')

  it('is what was published, as long as nothing came late', async () => {
    await uses('2026-03-01')
    await ticket()
    await health.day([account.accountId], at('2026-03-02', '00:00:05.000Z'))
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
    await ticket()
    const before = await past('2026-03-01')
    await uses('2026-02-27', '2026-03-04')
    await uses('2026-02-28', '2026-03-04', { name: 'b', personId: randomUUID() })
    await solved('2026-03-01', '2026-03-04')
    const rated = account.rated('2026-03-01', 'bad', { receivedAt: at('2026-03-04') })
    await health.tickets([rated], at('2026-03-04'))

    const after = await past('2026-03-01')
    expect(after.known).toEqual(before.known)
    expect(after.published).toEqual(before.published)
    expect(valuesOf(after.known)).toMatchObject({
      frequency: 1,
      breadth: 1,
      'open-urgent-load': 2,
      satisfaction: null,
    })
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
    await health.day([account.accountId], at('2026-03-02', '00:00:06.000Z'))
    const before = await past('2026-03-02')
    expect(before).toMatchObject({ scorecard: { version: 2 }, peersOn: '2026-03-02' })

    await health.source.transaction((tx) =>
      useScorecard(tx, { name: 'starter', version: 1 }, new Date(at('2026-03-03'))),
    )
    await health.freeze(at('2026-03-03', '12:00:00.000Z'))
    await health.day([account.accountId], at('2026-03-03', '12:00:01.000Z'))

    expect(await past('2026-03-02')).toEqual(before)
    expect(await past('2026-03-03')).toMatchObject({ scorecard: { version: 1 }, peersOn: '2026-03-03' })
  })

  it('takes the seats that were known then', async () => {
    await uses('2026-03-01')
    await health.profile(account.profiled({ seats: 10 }, '2026-03-05'), at('2026-03-05'), 2)

    expect(valuesOf((await past('2026-03-01')).known)).toMatchObject({ 'active-user-share': 0.5 })
    expect(valuesOf((await past('2026-03-05')).known)).toMatchObject({ 'active-user-share': 0.1 })
  })

  it('is none of a day on which nothing was known of the account', async () => {
    await uses('2026-02-20', '2026-03-04')

    const { known, corrected, published } = await past('2026-02-25')
    expect([known, published]).toEqual([null, null])
    expect(valuesOf(corrected)).toMatchObject({ frequency: 1, 'open-urgent-load': null })
  })
}
