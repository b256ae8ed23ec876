// `npm run bench -- pipeline`: from a ticket sent to the webhook received, while usage streams in.
import { setTimeout as sleep } from 'node:timers/promises'
import { backlogOf } from '../drive/operations.ts'
import { Probes } from '../drive/probes.ts'
import { quantile } from '../drive/quantiles.ts'
import { connectTickets, PRODUCT_SOURCE, putPlaybook, setStage, type Stage } from '../drive/stage.ts'
import { Traffic } from '../drive/traffic.ts'
import { services } from '../local/secrets.ts'
import { cpuOf, since } from './cpu.ts'

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
  accepted: number
  probes: number
  missing: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  /** Largest lag, in records over all groups and topics, of seconds 30 to 60 and of the last 30 s. */
  lagEarly: number
  lagLate: number
  /** CPU seconds of each process over the whole measured time. */
  cpuSeconds: Record<string, number>
}

const PROBES_PER_SECOND = 5
const ACCOUNTS = 1000
const measured = ['ingestion', 'accounts', 'health', 'playbooks', 'postgres', 'kafka']

const lagOf = async ({ api }: Stage): Promise<number> => {
  const backlogs = await Promise.all(services.map((service) => backlogOf(api, service)))
  return backlogs.reduce((sum, { lag }) => sum + (lag ?? 0), 0)
}

interface LagSample {
  readonly second: number
  readonly lag: number
}

const watchLag = async (stage: Stage, seconds: number): Promise<LagSample[]> => {
  const samples: LagSample[] = []
  const started = Date.now()
  for (let second = 0; second < seconds; second += 1) {
    samples.push({ second, lag: await lagOf(stage) })
    await sleep(Math.max(0, started + (second + 1) * 1000 - Date.now()))
  }
  return samples
}

const largest = (samples: readonly LagSample[], from: number, to: number): number =>
  Math.max(...samples.filter(({ second }) => second >= from && second < to).map(({ lag }) => lag))

interface Measured {
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
  const before = cpuOf(supervisor, measured)
  traffic.start()
  const firing = setInterval(() => probes.fire(), 1000 / PROBES_PER_SECOND)
  const samples = await watchLag(stage, seconds)
  clearInterval(firing)
  await traffic.stop()
  await probes.answered()
  return { samples, accepted: traffic.accepted, cpuSeconds: since(before, cpuOf(supervisor, measured)) }
}

const LAST_ARRIVALS_MS = 5000

export const runPipeline = async (options: PipelineOptions): Promise<PipelineResult> => {
  const { kafka, eventsPerSecond, seconds } = options
  const arriving: { probes?: Probes } = {}
  const stage = await setStage({ ...options, purpose: 'bench', onArrival: (one) => arriving.probes?.arrived(one) })
  try {
    await putPlaybook(stage, 'turned-red', ['red'])
    await connectTickets(stage)
    const probes = (arriving.probes = new Probes(stage.desk))
    await probes.prepare(seconds * PROBES_PER_SECOND + 50, PRODUCT_SOURCE, stage.capture, stage.api)
    const { samples, accepted, cpuSeconds } = await measure(stage, probes, options)
    await sleep(LAST_ARRIVALS_MS)
    const latencies = probes.fired.flatMap(({ sentAt, arrivals: [first] }) =>
      sentAt !== undefined && first ? [first.at - sentAt] : [],
    )
    return {
      log: kafka ? 'kafka' : 'embedded',
      eventsPerSecond,
      seconds,
      accepted,
      probes: probes.fired.length,
      missing: probes.fired.length - latencies.length,
      p50Ms: quantile(latencies, 0.5),
      p95Ms: quantile(latencies, 0.95),
      p99Ms: quantile(latencies, 0.99),
      lagEarly: largest(samples, 30, 60),
      lagLate: largest(samples, seconds - 30, seconds),
      cpuSeconds,
    }
  } finally {
    await stage.close()
  }
}
