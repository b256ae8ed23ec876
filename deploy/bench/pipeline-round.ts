// A stretch of the pipeline's load: usage streams in, a ticket every fifth of a second; what came of each, and what the log
// took.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Capture } from '../drive/capture.ts'
import type { Probes } from '../drive/probes.ts'
import { quantile } from '../drive/quantiles.ts'
import { Traffic } from '../drive/traffic.ts'
import { until } from '../drive/wait.ts'
import { since } from './cpu.ts'
import type { LagSample } from './lag.ts'
import type { OneServiceOptions } from './one-service.ts'

/** What the load is put on: the product, or its floor. */
export interface Side {
  readonly capture: Capture
  readonly probes: Probes
  /** CPU seconds so far, by process. */
  readonly cpu: () => Record<string, number>
  /** Records in the topic that it takes everything into. */
  readonly end: () => Promise<number>
  /** Records that it has still to handle; undefined: nobody asks. */
  readonly lag?: () => Promise<number>
  /** Resolves when it has nothing to do. */
  readonly idle?: () => Promise<void>
}

export interface Answer {
  readonly sentAt: number
  /** Milliseconds from the ticket sent to the webhook received; undefined where none came. */
  readonly latency: number | undefined
}

export interface Round {
  /** When it began, by `Date.now()`. */
  readonly begun: number
  readonly answers: readonly Answer[]
  readonly samples: readonly LagSample[]
  /** Events and tickets that were answered, repeats included, and by how much the topic's ends grew. */
  readonly accepted: number
  readonly appended: number
  readonly cpuSeconds: Record<string, number>
}

export interface Load {
  readonly eventsPerSecond: number
  readonly seconds: number
}

export interface PipelineOptions extends Load, OneServiceOptions {
  readonly rounds: number
}

export const PROBES_PER_SECOND = 5
const ACCOUNTS = 1000
const LAST_ARRIVALS_MS = 5000

const watchLag = async (lag: () => Promise<number>, seconds: number): Promise<LagSample[]> => {
  const samples: LagSample[] = []
  const started = Date.now()
  for (let second = 0; second < seconds; second = (Date.now() - started) / 1000) {
    samples.push({ second, lag: await lag() })
    await sleep(1000 - ((Date.now() - started) % 1000))
  }
  return samples
}

const firedSince = (probes: Probes, begun: number) => probes.fired.filter(({ sentAt = 0 }) => sentAt >= begun)

/** What is still missing then is counted. */
const lastArrivals = (probes: Probes, begun: number): Promise<unknown> =>
  until(
    'every effect to arrive',
    LAST_ARRIVALS_MS,
    async () => firedSince(probes, begun).every(({ arrivals }) => arrivals.length > 0) || undefined,
  ).catch(() => undefined)

export const runRound = async (side: Side, { eventsPerSecond, seconds }: Load): Promise<Round> => {
  const { capture, probes, lag } = side
  const traffic = new Traffic(capture, {
    eventsPerSecond,
    accounts: ACCOUNTS,
    usersPerAccount: 5,
    repeated: 0.02,
    seed: 1,
  })
  const [endBefore, cpuBefore, begun] = [await side.end(), side.cpu(), Date.now()]
  traffic.start()
  const firing = setInterval(() => probes.fire(), 1000 / PROBES_PER_SECOND)
  const samples = await (lag ? watchLag(lag, seconds) : sleep(seconds * 1000, [])).finally(() => clearInterval(firing))
  await traffic.stop()
  await probes.answered()
  const cpuSeconds = since(cpuBefore, side.cpu())
  await lastArrivals(probes, begun)
  await side.idle?.()
  const fired = firedSince(probes, begun)
  return {
    begun,
    answers: fired.map(({ sentAt = 0, arrivals: [first] }) => ({ sentAt, latency: first && first.at - sentAt })),
    samples,
    accepted: traffic.accepted + traffic.repeats + fired.length,
    appended: (await side.end()) - endBefore,
    cpuSeconds,
  }
}

export const latencyOf = (answers: readonly Answer[], q: number): number =>
  quantile(
    answers.flatMap(({ latency }) => latency ?? []),
    q,
  )

export const missingOf = (rounds: readonly Round[]): number =>
  rounds.flatMap(({ answers }) => answers).filter(({ latency }) => latency === undefined).length
