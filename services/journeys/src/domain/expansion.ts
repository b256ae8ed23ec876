import type { Day } from './day.ts'
import type { ExpansionReady, Way } from './journey.ts'
import type { Sample, ScoreSeries } from './score-series.ts'

const SHARE = 0.8
const PLAN_LIMIT = 0.8
const WEEKS = { met: 3, of: 4 }
const BREADTH_RANK = 75
const BREADTH_SCORE = 60
const TREND = 0
/** Below it, experience is red. */
const EXPERIENCE = 40

/** What the account pays for, by its traits. */
export interface Limits {
  readonly seats: number | null
  readonly planLimit: number | null
}

/** `met` null: nothing is known of it. */
export interface Criterion {
  readonly met: boolean | null
  readonly values: Readonly<Record<string, number | null>>
}

export type Criteria = Readonly<Record<'capacity' | 'breadth' | 'trend' | 'experience', Criterion>>

/** The four criteria of one day. */
export const criteriaOf = (sample: Sample, rule: ExpansionReady, limits: Limits): Criteria => ({
  capacity: capacity(sample, rule, limits),
  breadth: breadth(sample, rule),
  trend: {
    met: sample.trend === null ? null : sample.trend >= (rule.trendAtLeast ?? TREND),
    values: { trend: sample.trend },
  },
  // Who was never asked and never waits for an answer has no bad experience.
  experience: {
    met: sample.experience === null || sample.experience >= (rule.experienceAtLeast ?? EXPERIENCE),
    values: { experience: sample.experience },
  },
})

const capacity = ({ share }: Sample, rule: ExpansionReady, { seats, planLimit }: Limits): Criterion => {
  if (share === null) return { met: null, values: { share } }
  const ofPlan = seats !== null && planLimit !== null && planLimit > 0 ? (share * seats) / planLimit : null
  const met =
    share >= (rule.shareAtLeast ?? SHARE) || (ofPlan !== null && ofPlan >= (rule.planLimitAtLeast ?? PLAN_LIMIT))
  return { met, values: ofPlan === null ? { share } : { share, planLimitShare: ofPlan } }
}

const breadth = ({ breadth: { rank, score } }: Sample, rule: ExpansionReady): Criterion => {
  if (rank !== null) return { met: rank >= (rule.breadthRankAtLeast ?? BREADTH_RANK), values: { breadthRank: rank } }
  return {
    met: score === null ? null : score >= (rule.breadthScoreAtLeast ?? BREADTH_SCORE),
    values: { breadthScore: score },
  }
}

/** What the scores say on a day. */
export interface Said {
  readonly met: boolean
  readonly reason: string
  readonly values: Readonly<Record<string, unknown>>
  /** Event ids, the newest first. */
  readonly evidence: readonly string[]
}

/** Each of enough weeks that end on this day closed with all criteria met; a week without a score did not. */
export const readyOn = (day: Day, series: ScoreSeries, rule: ExpansionReady, limits: Limits): Said => {
  const weeks = rule.weeks ?? WEEKS
  const closings = Array.from({ length: weeks.of }, (_, week) => {
    const end = day - 7 * week
    return series.findLast((sample) => sample.day <= end && sample.day > end - 7)
  }).filter((sample) => sample !== undefined)
  const good = closings.filter((sample) =>
    Object.values(criteriaOf(sample, rule, limits)).every(({ met }) => met === true),
  )
  const latest = closings[0] && criteriaOf(closings[0], rule, limits)
  return {
    met: good.length >= weeks.met,
    reason: `ready for expansion: all criteria were met in ${good.length} of the last ${weeks.of} weeks`,
    values: { weeksMet: good.length, ...(latest && valuesOf(latest)) },
    evidence: good.map(({ eventId }) => eventId),
  }
}

const valuesOf = (criteria: Partial<Criteria>): Record<string, number | null> =>
  Object.fromEntries(Object.values(criteria).flatMap(({ values }) => Object.entries(values)))

/** Enough of the criteria have each failed at every score for so long. What is not known does not fail. */
export const lostOn = (day: Day, series: ScoreSeries, way: Way & { readonly days: number }, limits: Limits): Said => {
  const until = series
    .filter((sample) => sample.day <= day)
    .map((sample) => ({
      sample,
      criteria: criteriaOf(sample, way.criteria, limits),
    }))
  const names = ['capacity', 'breadth', 'trend', 'experience'] as const
  const failing = names.filter((name) => {
    const good = until.findLastIndex(({ criteria }) => criteria[name].met !== false)
    const since = until[good + 1]?.sample.day
    return since !== undefined && day - since >= way.days
  })
  const latest = until.at(-1)
  const values = latest && valuesOf(Object.fromEntries(failing.map((name) => [name, latest.criteria[name]])))
  return {
    met: failing.length >= way.failing,
    reason: `${failing.join(' and ')} have failed for ${way.days} days`,
    values: { failing, ...values },
    evidence: latest ? [latest.sample.eventId] : [],
  }
}
