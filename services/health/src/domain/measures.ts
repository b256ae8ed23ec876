import { ActivitySeries, type Checkpoint, type Series } from './activity-series.ts'
import type { Activity } from './activity.ts'
import type { Day } from './day.ts'
import { normalised } from './normalise.ts'
import { ownHistory, trend } from './own-history.ts'
import { groupsOf, peerRank, type PeerTable } from './peers.ts'
import { type Ratings, satisfactionOf, scoreOfSatisfaction, USUAL_SATISFACTION } from './ratings.ts'
import { isPeerMeasure, type MeasureRule, type PeerMeasure } from './scorecard.ts'
import { openUrgentLoad, scoreOfLoad, type Ticket } from './ticket.ts'

/** What is known of an account. */
export interface Facts {
  /** Kinds of which any event, of any account, has reached the service. Only of these is silence a zero. */
  readonly connected: { readonly usage: boolean; readonly tickets: boolean }
  readonly segment: string
  /** Paid seats, above 0; null when nobody told. */
  readonly seats: number | null
  readonly activity: Activity | null
  /** At least those that are open, urgent or high. */
  readonly tickets: readonly Ticket[]
  /** Null without any. */
  readonly ratings: Ratings | null
}

export type MissingReason = 'not-connected' | 'history-too-short' | 'no-seats' | 'no-ratings'

export type Reading = ({ readonly value: number; readonly score: number } | { readonly missing: MissingReason }) & {
  /** Left out where accounts are not compared. */
  readonly peerRank?: number | null
}

// Without peers, by fixed bounds: the value that is worth 100.
const FULL_AT: Readonly<Record<PeerMeasure, number>> = { 'active-user-share': 0.8, frequency: 20, breadth: 5 }
const OWN_SHARE = 0.4

/** A value per day, and the day from which its average goes on. */
interface Past {
  readonly series: Series
  readonly from: Checkpoint
}

/** A function that reads measures off the facts as of a day. */
export const readerOf = (facts: Facts, peers: PeerTable | null, asOf: Day): ((rule: MeasureRule) => Reading) => {
  const { activity, connected, ratings, seats } = facts
  const series = activity && activity.first <= asOf ? new ActivitySeries(activity) : null
  const groups = groupsOf(facts.segment, series && series.first, asOf)

  const usage = (rule: MeasureRule, measure: PeerMeasure): Reading => {
    if (!connected.usage) return { missing: 'not-connected', peerRank: null }
    if (measure === 'active-user-share' && seats === null) return { missing: 'no-seats', peerRank: null }
    const past = series && pastOf(series, measure, seats ?? 1)
    const value = past ? past.series(asOf) : 0
    const rank = peerRank(peers, groups, measure, value)
    if (rule.normalise) return { value, score: normalised(value, rule.normalise), peerRank: rank }
    const own = past && series && ownHistory(past.series, series.first, past.from, asOf)
    const among = rank ?? 100 * Math.min(1, value / (rule.fullAt ?? FULL_AT[measure]))
    return { value, score: own === null ? among : (1 - OWN_SHARE) * among + OWN_SHARE * own, peerRank: rank }
  }
  return (rule) => {
    if (isPeerMeasure(rule.measure)) return usage(rule, rule.measure)
    switch (rule.measure) {
      case 'trend': {
        if (!connected.usage) return { missing: 'not-connected' }
        const found = series && trend(series.personDays, series.first, asOf)
        return found ? by(rule, found.r, () => found.score) : { missing: 'history-too-short' }
      }
      case 'open-urgent-load':
        if (!connected.tickets) return { missing: 'not-connected' }
        return by(rule, openUrgentLoad(facts.tickets, asOf), scoreOfLoad)
      case 'satisfaction': {
        if (!ratings) return { missing: connected.tickets ? 'no-ratings' : 'not-connected' }
        return by(rule, satisfactionOf(ratings, asOf, peers?.satisfaction ?? USUAL_SATISFACTION), scoreOfSatisfaction)
      }
      default:
        return rule.measure satisfies never
    }
  }
}

const by = (rule: MeasureRule, value: number, usual: (value: number) => number): Reading => ({
  value,
  score: rule.normalise ? normalised(value, rule.normalise) : usual(value),
})

const pastOf = (series: ActivitySeries, measure: PeerMeasure, seats: number): Past => {
  switch (measure) {
    case 'frequency':
      return { series: series.activeDays, from: series.checkpointOf('frequency') }
    case 'breadth':
      return { series: series.trackNames, from: series.checkpointOf('breadth') }
    case 'active-user-share': {
      // The share of today's seats, of the past too: how many there were then is not kept.
      const { day, level } = series.checkpointOf('reach')
      return { series: (on) => series.users(on) / seats, from: { day, level: level === null ? null : level / seats } }
    }
    default:
      return measure satisfies never
  }
}
