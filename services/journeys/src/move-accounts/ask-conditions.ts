import type { AccountFacts } from '@banso/conditions'
import { formatDay } from '@banso/platform'
import type { Day, Days } from '../domain/day.ts'
import { daysInStage } from '../domain/derive.ts'
import type { Facts, Track } from '../domain/facts.ts'
import { presentOf, type Underway } from '../domain/state.ts'
import { turned } from '../domain/track.ts'
import type { Account } from '../store/accounts.ts'
import type { KnownJourney } from '../store/journeys.ts'
import type { Known } from '../store/known.ts'

/** What an account is asked on. */
export interface Asking {
  readonly known: Known
  readonly day: Day
  readonly now: Date
  readonly days: Days
}

/** The account's tracks after its journey's conditions were asked on what is known now; none can be asked of the past. */
export const askConditions = (
  { accountId, facts }: Account,
  state: Underway,
  { name, conditions }: KnownJourney,
  asking: Asking,
): Facts['tracks'] => {
  if (conditions.size === 0) return facts.tracks
  const about = factsOf(accountId, name, state, asking)
  const tracks: Record<string, Track> = { ...facts.tracks }
  for (const [key, condition] of conditions) {
    const verdict = condition.evaluate(about)
    tracks[key] = turned(tracks[key] ?? [], asking.day, asking.now.toISOString(), {
      met: verdict.kind === 'decided' && verdict.value,
      reason: `condition met: ${condition.source}`,
      values: verdict.used,
      evidence: [],
    })
  }
  return tracks
}

const NO_TICKETS = { open: 0, serious: 0, oldestSeriousDays: null }

const factsOf = (accountId: string, journey: string, state: Underway, asking: Asking): AccountFacts => {
  const { known, day, now, days } = asking
  const { profile, score } = known
  const { flags, pace, reached } = state
  return {
    account: {
      id: accountId,
      externalId: profile?.externalId ?? null,
      name: profile?.name ?? null,
      segment: profile?.segment ?? 'all',
      traits: profile?.traits ?? {},
    },
    health: {
      score: score?.score ?? null,
      band: score?.band ?? null,
      outcome: score?.outcome ?? null,
      experience: score?.experience ?? null,
      coverage: score?.coverage ?? 0,
      partial: score?.partial ?? false,
      measures: score?.measures ?? {},
    },
    journey: {
      name: journey,
      stage: presentOf(state).stage,
      daysInStage: daysInStage(state, days),
      pace: pace.pace,
      stalled: flags.stalled.raised,
      dormant: flags.dormant.raised,
      atRisk: flags['at-risk'].raised,
      milestones: Object.keys(reached).toSorted(),
    },
    tickets: NO_TICKETS,
    now: now.toISOString(),
    today: formatDay(day),
  }
}
