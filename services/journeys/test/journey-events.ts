// Events around the morning of the golden ones.
import type { AccountScored } from '@banso/contracts'
import { accountScored, productUsed } from '@banso/testing'

const DAY_MS = 86_400_000
const MORNING = Date.parse('2026-01-15T01:00:00.000Z')
export const ago = (days: number): Date => new Date(MORNING - days * DAY_MS)

/** Used that many days ago, and received at once unless it is said otherwise. */
export const used = (accountId: string, name: string, days: number, personId = accountId, receivedDays = days) =>
  productUsed({ accountId, name, personId, receivedAt: ago(receivedDays).toISOString() }, { time: ago(days) })

export const measure = (name: string, value: number, score: number): AccountScored['measures'][number] => ({
  measure: name,
  half: 'outcome',
  weight: 0.25,
  value,
  score,
  peerRank: null,
  contribution: 0,
})
export const scored = (accountId: string, days: number, given: Partial<AccountScored> = {}) =>
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
