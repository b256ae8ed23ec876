// Use over months, as of a moment.
import { productUsed } from '@banso/testing'
import { randomUUID } from 'node:crypto'
import type { UsageEvent } from './moving.suite.ts'

export const NOW = '2026-03-10T10:00:00.000Z'
const DAY_MS = 86_400_000
export const ago = (days: number): Date => new Date(Date.parse(NOW) - days * DAY_MS)

/** Used that many days ago, and received now unless it is said otherwise. */
export const used = (
  accountId: string,
  name: string,
  days: number,
  personId = accountId,
  receivedAt = NOW,
): UsageEvent => productUsed({ accountId, name, personId, receivedAt }, { time: ago(days) })

/** Sixty uses of five events by six people, until a month ago. */
export const history = (accountId: string): UsageEvent[] => {
  const people = Array.from({ length: 6 }, () => randomUUID())
  return Array.from({ length: 60 }, (_, index) =>
    used(accountId, ['a', 'b', 'c', 'd', 'e'][index % 5] ?? 'a', 90 - index, people[(index * index) % 6]),
  )
}
