// `npm run bench -- pipeline`: from a ticket sent to the webhook received, while usage streams in.
import { setTimeout as sleep } from 'node:timers/promises'
import { Probes } from '../drive/probes.ts'
import { quantile } from '../drive/quantiles.ts'
import { connectTickets, PRODUCT_SOURCE, putPlaybook, setStage, type Stage } from '../drive/stage.ts'
import { Traffic } from '../drive/traffic.ts'
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
const services = ['ingestion', 'accounts', 'health', 'playbooks'] as const

const lagOf = async ({ api }: Stage): Promise<number> => {
  const lags = await Promise.all(
    services.map(async (service) => (await api.get<{ lag: number }>(service, '/v1/operations/status')).lag),
  )
  return lags.reduce((sum, lag) => sum + lag, 0)
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

export const runPipeline = async (options: PipelineOptions): Promise<PipelineResult> => {
  const { kafka, eventsPerSecond, seconds } = options
  let probes: Probes | undefined
  const stage = await setStage({ ...options, purpose: 'bench', onArrival: (arrival) => probes?.arrived(arrival) })
  try {
    await putPlaybook(stage, 'turned-red', ['red'])
    await connectTickets(stage)
    probes = new Probes(stage.desk)
    await probes.prepare(seconds * PROBES_PER_SECOND + 50, PRODUCT_SOURCE, stage.capture, stage.api)
    const traffic = new Traffic(stage.capture, {
      eventsPerSecond,
      accounts: ACCOUNTS,
      usersPerAccount: 5,
      repeated: 0.02,
      seed: 1,
    })
    const before = cpuOf(stage.system.supervisor, measured)
    traffic.start()
    const keeper = probes
    const firing = setInterval(() => keeper.fire(), 1000 / PROBES_PER_SECOND)
    const samples = await watchLag(stage, seconds)
    clearInterval(firing)
    await traffic.stop()
    await probes.answered()
    const cpuSeconds = since(before, cpuOf(stage.system.supervisor, measured))
    await sleep(5000)
    const latencies = probes.fired.flatMap(({ sentAt, arrivals: [first] }) =>
      sentAt !== undefined && first ? [first.at - sentAt] : [],
    )
    return {
      log: kafka ? 'kafka' : 'embedded',
      eventsPerSecond,
      seconds,
      accepted: traffic.accepted,
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
