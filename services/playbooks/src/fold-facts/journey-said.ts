import { type EventOn, versionOf } from '@banso/messaging'
import { type JourneyKnown, NOTHING_KNOWN, type Stamp } from '../domain/facts/journey-known.ts'

/** What one event of journeys makes known. */
export const journeySaid = (event: EventOn<'journeys.progress.v1'>): JourneyKnown => {
  const { generation, sequence } = versionOf(event)
  const at: Stamp = [generation, sequence]
  if (event.type === 'journeys.stage-entered.v1')
    return { ...NOTHING_KNOWN, stage: { value: { name: event.data.stage, since: event.data.at }, at } }
  if (event.type === 'journeys.milestone-reached.v1') return { ...NOTHING_KNOWN, milestones: [event.data.milestone] }
  if (event.type === 'journeys.pace-changed.v1')
    // The pace of a milestone is not the stage's.
    return event.data.milestone === null ? { ...NOTHING_KNOWN, pace: { value: event.data.to, at } } : NOTHING_KNOWN
  const raised = event.type === 'journeys.flag-raised.v1'
  return { ...NOTHING_KNOWN, flags: { [event.data.flag]: { value: raised, at } } }
}
