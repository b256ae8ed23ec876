import type { EventOn } from '@banso/messaging'
import type { Calendar } from '@banso/platform'
import { storable } from '@banso/platform'
import type { Use } from '../store/usage-facts.ts'

export const useOf = ({ time, data }: EventOn<'ingestion.usage-events.v1'>, calendar: Calendar): Use => ({
  accountId: data.accountId,
  personId: data.personId,
  kind: data.kind,
  name: storable(data.name),
  day: calendar.dayOf(time),
  knownOn: calendar.dayOf(new Date(data.receivedAt)),
})
