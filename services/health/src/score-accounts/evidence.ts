import type { HealthBandChanged } from '@banso/contracts'
import type { IncomingEvent } from '@banso/messaging'

/** The events that changed an account: the newest, and their ids from the newest on. */
export interface Evidence {
  readonly newest: NonNullable<HealthBandChanged['newestEvent']>
  readonly ids: readonly string[]
}

type Evident = Pick<IncomingEvent, 'id' | 'time'> & { readonly data: { readonly receivedAt: string } }

const MOST_IDS = 20

/** Null without events. */
export const evidenceOf = (events: readonly Evident[]): Evidence | null => {
  const newestFirst = events.toSorted((a, b) => b.time.getTime() - a.time.getTime()).slice(0, MOST_IDS)
  const newest = newestFirst[0]
  if (!newest) return null
  return {
    newest: { id: newest.id, time: newest.time.toISOString(), receivedAt: newest.data.receivedAt },
    ids: newestFirst.map(({ id }) => id),
  }
}
