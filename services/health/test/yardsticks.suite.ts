// What another peer table or another scorecard makes of scores is not what events did.
import { ticketOpened } from '@banso/testing'
import { beforeEach, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { useScorecard } from '../src/store/scorecard-uses.ts'
import { type AnAccount, at, daysTo } from './an-account.ts'
import type { Folding } from './folding.ts'

export const describeYardsticks = (begun: () => AnAccount): void => {
  let account: AnAccount
  let health: Folding

  beforeEach(() => {
    account = begun()
    health = account.health
  })
  const useCard = (measures: readonly object[]) =>
    health.source.transaction(async (tx) => {
      const document = JSON.stringify({ title: { en: 'Other', ja: 'Other' }, spec: { measures } })
      await tx.query(
        `WITH named AS (INSERT INTO blueprint (kind, name, latest_version) VALUES ('Scorecard', 'other', 1))
         INSERT INTO blueprint_version (kind, name, version, document, applied_at)
         VALUES ('Scorecard', 'other', 1, $1, $2)`,
        [document, at('2026-03-01')],
      )
      await useScorecard(tx, { name: 'other', version: 1 }, new Date(at('2026-03-01')))
    })
  /** 14 of 28 days are 70 of 100 by fixed bounds; of 40 accounts that are used on 20, the least. */
  const thirtyOthers = async () => {
    const others = Array.from({ length: 40 }, () => randomUUID())
    await health.usage(
      others.flatMap((other) => account.usedOn(daysTo('2026-03-01', 20), { accountId: other })),
      at('2026-03-01'),
    )
    await health.usage(account.usedOn(daysTo('2026-03-01', 14)), at('2026-03-01'))
    health.published = []
  }

  it('is no change of an account that is compared with its peers for the first time, on that day and after', async () => {
    await thirtyOthers()
    for (const date of ['02', '03', '04', '05', '06', '07', '08', '09']) {
      await health.freeze(at(`2026-03-${date}`, '00:00:05.000Z'))
      await health.day([account.accountId], at(`2026-03-${date}`, '00:00:06.000Z'))
    }
    expect(account.scores().map(({ band }) => band)).toEqual(Array<string>(8).fill('red'))
    expect(account.changes()).toEqual([])
    const measuredAnew = { day: '2026-03-02', band: 'red' }
    expect(account.scores().map((scored) => scored.measuredAnew)).toEqual(account.scores().map(() => measuredAnew))
  })

  it('is no change of an account when the first ticket of another connects the desk', async () => {
    await health.usage(account.usedOn(daysTo('2026-03-01', 14)), at('2026-03-01'))
    const other = randomUUID()
    await health.tickets(
      [ticketOpened({ accountId: other, receivedAt: at('2026-03-01') }, { time: at('2026-03-01') })],
      at('2026-03-01', '11:00:00.000Z'),
    )
    health.published = []
    await health.day([account.accountId], at('2026-03-02', '00:00:06.000Z'))
    expect(account.scores()).toMatchObject([{ experience: { score: 100 }, band: 'green' }])
    expect(account.changes()).toEqual([])
  })

  it('is told apart from the event that comes before the daily run', async () => {
    await health.usage(account.usedOn(daysTo('2026-03-01', 14)), at('2026-03-01'))
    await health.tickets([account.opened('2026-03-01', 't0', { priority: 'low' })], at('2026-03-01'))
    await useCard([
      { measure: 'frequency', half: 'outcome', weight: 1, normalise: { by: 'linear', zeroAt: 0, fullAt: 100 } },
      { measure: 'open-urgent-load', half: 'experience', weight: 1 },
    ])
    health.published = []
    await health.tickets(
      ['t1', 't2', 't3', 't4'].map((ticketId) => account.opened('2026-03-01', ticketId)),
      at('2026-03-01', '11:00:00.000Z'),
    )

    // By bounds 45, 100 for tickets; by the other card 14, and 100 still; four fresh urgent ones: 20.
    expect(account.moves()).toMatchObject([
      { cause: 'daily', evidence: [], movedBy: -15.5, split: [{ cause: 'configuration' }] },
      { cause: 'events', movedBy: -40, split: [{ cause: 'behaviour' }] },
    ])
  })
}
