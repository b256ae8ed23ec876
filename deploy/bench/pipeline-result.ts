// What the rounds of `npm run bench -- pipeline` come to.
import { grewBy } from './growth.ts'
import { largestLag } from './lag.ts'
import { median, rounded, sum } from './pace.ts'
import { latencyOf, missingOf, type PipelineOptions, type Round } from './pipeline-round.ts'

export interface PipelineResult {
  log: 'kafka' | 'embedded'
  eventsPerSecond: number
  /** Of a round. */
  seconds: number
  rounds: number
  /** Of the product, before the first round, under the same load; every account of the stream is new then. */
  warmUp: { seconds: number; p50Ms: number; p95Ms: number }
  /** Events and tickets of all rounds, and by how much the ends of the topics that take them grew; of both. */
  accepted: number
  appended: number
  probes: number
  /** Effects that did not come, and those of the floor. */
  missing: number
  floorMissing: number
  /** Medians of the rounds. */
  p50Ms: number
  p95Ms: number
  p99Ms: number
  floorP50Ms: number
  floorP95Ms: number
  floorP99Ms: number
  /** How many times the floor's, round by round; medians. */
  ratioP50: number
  ratioP95: number
  ratioP99: number
  p95ByRoundMs: number[]
  floorP95ByRoundMs: number[]
  /** Largest lag, in records over all groups and topics, of the second and of the last quarter of the round in the middle by its p95. */
  lagEarly: number
  lagLate: number
  /**
   * What was promised: p95 < 1 s, no effect missing, a late lag of at most the early one and a second's arrivals, and
   * everything accepted in the log.
   */
  kept: boolean
  /** CPU seconds of a round, by process; medians. */
  cpuSeconds: Record<string, number>
  floorCpuSeconds: Record<string, number>
}

export interface PipelineRounds {
  readonly warmUp: Round
  readonly product: readonly Round[]
  readonly floor: readonly Round[]
}

const MOST_P95_MS = 1000

const cpuOfRounds = (rounds: readonly Round[]): Record<string, number> =>
  Object.fromEntries(
    Object.keys(rounds[0]?.cpuSeconds ?? {}).map((name) => [
      name,
      median(rounds.map(({ cpuSeconds }) => cpuSeconds[name] ?? Number.NaN)),
    ]),
  )

const inTheMiddle = (rounds: readonly Round[]): Round | undefined =>
  rounds.toSorted((a, b) => latencyOf(a.answers, 0.95) - latencyOf(b.answers, 0.95))[Math.ceil(rounds.length / 2) - 1]

const byRound = (rounds: readonly Round[], q: number): number[] => rounds.map(({ answers }) => latencyOf(answers, q))

const latencies = ({ product, floor }: PipelineRounds) => {
  const at = (q: number) => {
    const [ours, floors] = [byRound(product, q), byRound(floor, q)]
    const ratio = rounded(median(ours.map((ms, round) => ms / (floors[round] ?? Number.NaN))))
    return { ours: median(ours), floor: median(floors), ratio }
  }
  const [p50, p95, p99] = [at(0.5), at(0.95), at(0.99)]
  return {
    p50Ms: p50.ours,
    p95Ms: p95.ours,
    p99Ms: p99.ours,
    floorP50Ms: p50.floor,
    floorP95Ms: p95.floor,
    floorP99Ms: p99.floor,
    ratioP50: p50.ratio,
    ratioP95: p95.ratio,
    ratioP99: p99.ratio,
    p95ByRoundMs: byRound(product, 0.95),
    floorP95ByRoundMs: byRound(floor, 0.95),
  }
}

export const resultOf = (rounds: PipelineRounds, options: PipelineOptions, warmUpSeconds: number): PipelineResult => {
  const { kafka, eventsPerSecond, seconds, say } = options
  const { warmUp, product, floor } = rounds
  const both = [...product, ...floor]
  const [accepted, appended] = [sum(both.map((round) => round.accepted)), sum(both.map((round) => round.appended))]
  const [missing, floorMissing] = [missingOf([warmUp, ...product]), missingOf(floor)]
  const samples = inTheMiddle(product)?.samples ?? []
  const [lagEarly, lagLate] = [
    largestLag(samples, seconds / 4, seconds / 2),
    largestLag(samples, (3 * seconds) / 4, seconds),
  ]
  const found = latencies(rounds)
  const keepsUp = found.p95Ms < MOST_P95_MS && missing + floorMissing === 0 && lagLate <= lagEarly + eventsPerSecond
  return {
    log: kafka ? 'kafka' : 'embedded',
    eventsPerSecond,
    seconds,
    rounds: product.length,
    warmUp: { seconds: warmUpSeconds, p50Ms: latencyOf(warmUp.answers, 0.5), p95Ms: latencyOf(warmUp.answers, 0.95) },
    accepted,
    appended,
    probes: sum(product.map(({ answers }) => answers.length)),
    missing,
    floorMissing,
    ...found,
    lagEarly,
    lagLate,
    kept: grewBy(accepted, appended, say) && keepsUp,
    cpuSeconds: cpuOfRounds(product),
    floorCpuSeconds: cpuOfRounds(floor),
  }
}
