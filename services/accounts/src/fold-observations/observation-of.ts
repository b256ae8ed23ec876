import type { EventOn } from '@banso/messaging'
import type { Observation } from '../domain/profile.ts'

export const observationOf = (event: EventOn<'ingestion.observations.v1'>): Observation => {
  const stamp = { at: event.time.toISOString(), by: event.id }
  return event.type === 'ingestion.account-observed.v1'
    ? { ...stamp, of: 'account', data: event.data }
    : { ...stamp, of: 'person', data: event.data }
}
