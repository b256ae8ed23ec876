import type { ScoredHalf, ScoredMeasure } from '@banso/contracts'
import type { Day } from './day.ts'
import { readerOf, type Facts, type Reading } from './measures.ts'
import type { PeerTable } from './peers.ts'
import { rounded } from './rounded.ts'
import type { MeasureRule, Scorecard } from './scorecard.ts'

/** What accounts are measured by. `peers` null: there is no table yet. */
export interface Yardstick {
  readonly scorecard: Scorecard
  readonly peers: PeerTable | null
}

/** A score as of a day, with everything that it is made of. */
export interface Score {
  /** 0 to 100; null when both halves are. */
  readonly score: number | null
  readonly partial: boolean
  readonly coverage: number
  readonly outcome: ScoredHalf
  readonly experience: ScoredHalf
  readonly measures: readonly ScoredMeasure[]
}

/** Share of a half's measures that have a value, whatever their weight. */
const LEAST_COVERAGE = 0.5

interface Read {
  readonly rule: MeasureRule
  readonly reading: Reading
}

const weightOf = (reads: readonly Read[]): number => reads.reduce((sum, { rule }) => sum + rule.weight, 0)
const isPresent = (read: Read): read is Read & { reading: { value: number; score: number } } => 'score' in read.reading

const halfOf = (reads: readonly Read[]): ScoredHalf & { weight: number } => {
  const present = reads.filter(isPresent)
  const weight = weightOf(present)
  const coverage = reads.length === 0 ? 0 : present.length / reads.length
  if (present.length === 0 || coverage < LEAST_COVERAGE) return { score: null, coverage, weight }
  const sum = present.reduce((total, { rule, reading }) => total + rule.weight * reading.score, 0)
  return { score: rounded(sum / weight), coverage, weight }
}

/** Score and contributions of the facts by a scorecard and the peers, as of a day. */
export const score = (facts: Facts, { scorecard, peers }: Yardstick, asOf: Day): Score => {
  const read = readerOf(facts, peers, asOf)
  const reads = scorecard.document.measures.map((rule): Read => ({ rule, reading: read(rule) }))
  const halves = {
    outcome: halfOf(reads.filter(({ rule }) => rule.half === 'outcome')),
    experience: halfOf(reads.filter(({ rule }) => rule.half === 'experience')),
  }
  const known = [halves.outcome, halves.experience].flatMap(({ score: half }) => (half === null ? [] : [half]))
  const [first, second] = known
  const contributionOf = ({ rule, reading }: Read): number => {
    const half = halves[rule.half]
    if (half.score === null || !('score' in reading)) return 0
    return (rule.weight * (reading.score - 50)) / half.weight / known.length
  }
  return {
    score: first === undefined ? null : rounded(second === undefined ? first : 0.5 * first + 0.5 * second),
    partial: known.length === 1,
    coverage: 0.5 * halves.outcome.coverage + 0.5 * halves.experience.coverage,
    outcome: { score: halves.outcome.score, coverage: halves.outcome.coverage },
    experience: { score: halves.experience.score, coverage: halves.experience.coverage },
    measures: reads.map((each) => ({
      measure: each.rule.measure,
      half: each.rule.half,
      weight: each.rule.weight,
      value: 'value' in each.reading ? each.reading.value : null,
      score: 'score' in each.reading ? each.reading.score : null,
      contribution: contributionOf(each),
      ...(each.reading.peerRank !== undefined && { peerRank: each.reading.peerRank }),
      ...('missing' in each.reading && { missing: each.reading.missing }),
    })),
  }
}
