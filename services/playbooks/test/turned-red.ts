import { bandChanged } from '@banso/testing'
import { randomUUID } from 'node:crypto'

/** An account turns red now, or when `at` says. */
export const turnedRed = (
  accountId: string = randomUUID(),
  { at = new Date(), id = randomUUID(), receivedAt = at }: { at?: Date; id?: string; receivedAt?: Date } = {},
) =>
  bandChanged(
    {
      accountId,
      from: { score: 55, band: 'amber', day: '2026-01-14' },
      to: { score: 31, band: 'red' },
      cause: 'events',
      newestEvent: { id: `of-${id}`, time: at.toISOString(), receivedAt: receivedAt.toISOString() },
      evidence: [`of-${id}`],
    },
    { id, time: at },
  )
