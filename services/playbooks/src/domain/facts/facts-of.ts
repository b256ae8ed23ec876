import type { AccountFacts } from '@banso/conditions'
import { daysBetween, type LocalTime } from '../local-time.ts'
import type { AccountKnown } from './account-known.ts'
import { type JourneyKnown, paceOf } from './journey-known.ts'

const sinceOf = ({ stage }: JourneyKnown): number => (stage === null ? 0 : Date.parse(stage.value.since))

/** The journey whose stage was entered last; of two at once, the first by name. */
const presentJourney = (journeys: AccountKnown['journeys']): [string, JourneyKnown] | undefined =>
  [...journeys].toSorted(([a, one], [b, other]) => sinceOf(other) - sinceOf(one) || (a < b ? -1 : 1))[0]

const journeyFacts = (journeys: AccountKnown['journeys'], daysSince: (at: Date) => number): AccountFacts['journey'] => {
  const [name, known] = presentJourney(journeys) ?? [null, null]
  const stage = known?.stage?.value ?? null
  return {
    name,
    stage: stage?.name ?? null,
    daysInStage: stage === null ? null : daysSince(new Date(stage.since)),
    pace: known === null || stage === null ? null : paceOf(known),
    stalled: known?.flags.stalled?.value ?? false,
    dormant: known?.flags.dormant?.value ?? false,
    atRisk: known?.flags['at-risk']?.value ?? false,
    milestones: known?.milestones ?? [],
  }
}

const healthFacts = ({ score, change }: AccountKnown): AccountFacts['health'] => ({
  score: null,
  band: null,
  outcome: null,
  experience: null,
  coverage: 0,
  partial: false,
  measures: {},
  ...score,
  ...change,
})

/** What conditions see of an account at `now`; days are those of `local`. */
export const factsOf = (known: AccountKnown, now: Date, local: LocalTime): AccountFacts => {
  const today = local.dayOf(now)
  const daysSince = (at: Date): number => Math.max(0, daysBetween(local.dayOf(at), today))
  const { open, serious, oldestSeriousAt } = known.tickets
  return {
    account: {
      id: known.accountId,
      externalId: null,
      name: null,
      segment: 'all',
      traits: {},
      ...known.profile,
    },
    health: healthFacts(known),
    journey: journeyFacts(known.journeys, daysSince),
    tickets: { open, serious, oldestSeriousDays: oldestSeriousAt === null ? null : daysSince(oldestSeriousAt) },
    now: now.toISOString(),
    today,
  }
}
