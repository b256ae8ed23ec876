// `npm run bench -- pipeline`: from a ticket sent to the webhook received, while usage streams in.
import { setTimeout as sleep } from 'node:timers/promises'
import { backlogOf } from '../drive/operations.ts'
import { applyProbeScorecard, Probes } from '../drive/probes.ts'
import { quantile } from '../drive/quantiles.ts'
import { connectTickets, PRODUCT_SOURCE, putPlaybook, setStage, type Stage } from '../drive/stage.ts'
import { Traffic } from '../drive/traffic.ts'
import { services } from '../local/secrets.ts'
import { cpuOf, since } from './cpu.ts'
import { type LagSample, largestLag } from './lag.ts'

export interface PipelineOptions {
  readonly kafka: boolean
  readonly eventsPerSecond: number
  readonly seconds: number
  readonly portBase: number
  readonly say: (line: string) => void
}

export interface PipelineResult {
  log: 'kafka' | 'embedded'
  eventsPerSecond: number
  seconds: number
  /** Before them, under the same load, every account of the stream is new: its first score, stage and keys. Not measured. */
  warmUp: { seconds: number; p50Ms: number; p95Ms: number }
  accepted: number
  probes: number
  missing: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  /** p95 of each ten seconds, in order: whether the slow ones are the first, or come in periods. */
  p95ByTenSecondsMs: number[]
  /** Largest lag, in records over all groups and topics, of seconds 30 to 60 and of the last 30 s. */
  lagEarly: number
  lagLate: number
  /** What was promised: p95 < 1 s, no effect missing, and a late lag of at most the early one and a second's arrivals. */
  kept: boolean
  /** CPU seconds of each process over the whole measured time. */
  cpuSeconds: Record<string, number>
}

const PROBES_PER_SECOND = 5
const ACCOUNTS = 1000
const WARM_UP_SECONDS = 30
const measured = [...services, 'postgres', 'kafka']

/** The windows of the lag: from second 30 to 60, and the last 30 s after that. */
export const LEAST_SECONDS = 90

const lagOf = async ({ api }: Stage): Promise<number> => {
  const backlogs = await Promise.all(services.map((service) => backlogOf(api, service)))
  return backlogs.reduce((sum, { lag }) => sum + (lag ?? Number.NaN), 0)
}

const watchLag = async (stage: Stage, seconds: number): Promise<LagSample[]> => {
  const samples: LagSample[] = []
  const started = Date.now()
  for (let second = 0; second < seconds; second = (Date.now() - started) / 1000) {
    samples.push({ second, lag: await lagOf(stage) })
    await sleep(1000 - ((Date.now() - started) % 1000))
  }
  return samples
}

interface Measured {
  /** Where the warm-up ended, by `Date.now()`. */
  readonly begun: number
  readonly samples: readonly LagSample[]
  readonly accepted: number
  readonly cpuSeconds: Record<string, number>
}

const measure = async (stage: Stage, probes: Probes, options: PipelineOptions): Promise<Measured> => {
  const { eventsPerSecond, seconds } = options
  const traffic = new Traffic(stage.capture, {
    eventsPerSecond,
    accounts: ACCOUNTS,
    usersPerAccount: 5,
    repeated: 0.02,
    seed: 1,
  })
  const { supervisor } = stage.system
  traffic.start()
  const firing = setInterval(() => probes.fire(), 1000 / PROBES_PER_SECOND)
  await sleep(WARM_UP_SECONDS * 1000)
  const [begun, acceptedBefore, before] = [Date.now(), traffic.accepted, cpuOf(supervisor, measured)]
  const samples = await watchLag(stage, seconds)
  clearInterval(firing)
  await traffic.stop()
  await probes.answered()
  const cpuSeconds = since(before, cpuOf(supervisor, measured))
  return { begun, samples, accepted: traffic.accepted - acceptedBefore, cpuSeconds }
}

interface Answer {
  readonly sentAt: number
  /** Milliseconds from the ticket sent to the webhook received; undefined where none came. */
  readonly latency: number | undefined
}

const answersOf = (probes: Probes): Answer[] =>
  probes.fired.flatMap(({ sentAt, arrivals: [first] }) =>
    sentAt === undefined ? [] : [{ sentAt, latency: first && first.at - sentAt }],
  )

const latencyOf = (answers: readonly Answer[], q: number): number =>
  quantile(
    answers.flatMap(({ latency }) => latency ?? []),
    q,
  )

const p95ByTenSeconds = (answers: readonly Answer[], begun: number): number[] =>
  [...Map.groupBy(answers, ({ sentAt }) => Math.floor((sentAt - begun) / 10_000))]
    .toSorted(([a], [b]) => a - b)
    .map(([, span]) => latencyOf(span, 0.95))

const LAST_ARRIVALS_MS = 5000
const MOST_P95_MS = 1000

export const runPipeline = async (options: PipelineOptions): Promise<PipelineResult> => {
  const { kafka, eventsPerSecond, seconds } = options
  const arriving: { probes?: Probes } = {}
  const stage = await setStage({ ...options, purpose: 'bench', onArrival: (one) => arriving.probes?.arrived(one) })
  try {
    await applyProbeScorecard(stage)
    await putPlaybook(stage, 'turned-red', ['red'])
    await connectTickets(stage)
    const probes = (arriving.probes = new Probes(stage.desk))
    await probes.prepare((WARM_UP_SECONDS + seconds) * PROBES_PER_SECOND + 50, PRODUCT_SOURCE, stage.capture, stage.api)
    const { begun, samples, accepted, cpuSeconds } = await measure(stage, probes, options)
    await sleep(LAST_ARRIVALS_MS)
    const all = answersOf(probes)
    const warmUp = all.filter(({ sentAt }) => sentAt < begun)
    const answers = all.filter(({ sentAt }) => sentAt >= begun)
    const p95Ms = latencyOf(answers, 0.95)
    const missing = all.filter(({ latency }) => latency === undefined).length
    const lagEarly = largestLag(samples, 30, 60)
    const lagLate = largestLag(samples, seconds - 30, seconds)
    return {
      log: kafka ? 'kafka' : 'embedded',
      eventsPerSecond,
      seconds,
      warmUp: { seconds: WARM_UP_SECONDS, p50Ms: latencyOf(warmUp, 0.5), p95Ms: latencyOf(warmUp, 0.95) },
      accepted,
      probes: answers.length,
      missing,
      p50Ms: latencyOf(answers, 0.5),
      p95Ms,
      p99Ms: latencyOf(answers, 0.99),
      p95ByTenSecondsMs: p95ByTenSeconds(answers, begun),
      lagEarly,
      lagLate,
      kept: p95Ms < MOST_P95_MS && missing === 0 && lagLate <= lagEarly + eventsPerSecond,
      cpuSeconds,
    }
  } finally {
    await stage.close()
  }
}
