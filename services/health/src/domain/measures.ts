import { ActivitySeries, type Series } from './activity-series.ts'
import type { Activity, Levels } from './activity.ts'
import type { Day } from './calendar.ts'
import { ownHistory, trend } from './own-history.ts'
import type { MeasureRule } from './scorecard.ts'
import { openUrgentLoad, scoreOfLoad, type Ticket } from './ticket.ts'

/** What is known of an account. */
export interface Facts {
  /** Kinds of which any event, of any account, has reached the service. Only of these is silence a zero. */
  readonly connected: { readonly usage: boolean; readonly tickets: boolean }
  readonly activity: Activity | null
  /** At least those that are open, urgent or high. */
  readonly tickets: readonly Ticket[]
}

export type Reading =
  | { readonly value: number; readonly score: number }
  | { readonly missing: 'not-connected' | 'history-too-short' }

const OWN_SHARE = 0.4

/** A function that reads measures off the facts as of a day. */
export const readerOf = (facts: Facts, asOf: Day): ((rule: MeasureRule) => Reading) => {
  const { activity, connected, tickets } = facts
  const series = activity && activity.first <= asOf ? new ActivitySeries(activity) : null

  const usage = (read: (series: ActivitySeries) => Series, level: keyof Levels, fullAt: number): Reading => {
    if (!connected.usage) return { missing: 'not-connected' }
    if (!series) return { value: 0, score: 0 }
    const value = read(series)(asOf)
    const fixed = 100 * Math.min(1, value / fullAt)
    const own = ownHistory(read(series), series.first, series.checkpointOf(level), asOf)
    return { value, score: own === null ? fixed : (1 - OWN_SHARE) * fixed + OWN_SHARE * own }
  }

  return (rule) => {
    switch (rule.measure) {
      case 'frequency':
        return usage(({ activeDays }) => activeDays, 'frequency', rule.fullAt)
      case 'breadth':
        return usage(({ trackNames }) => trackNames, 'breadth', rule.fullAt)
      case 'trend': {
        if (!connected.usage) return { missing: 'not-connected' }
        const found = series && trend(series.personDays, series.first, asOf)
        return found ? { value: found.r, score: found.score } : { missing: 'history-too-short' }
      }
      case 'open-urgent-load': {
        if (!connected.tickets) return { missing: 'not-connected' }
        const load = openUrgentLoad(tickets, asOf)
        return { value: load, score: scoreOfLoad(load) }
      }
      default:
        return rule satisfies never
    }
  }
}
