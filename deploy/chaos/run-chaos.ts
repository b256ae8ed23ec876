// Faults under load: a steady stream of usage and of probes, one process killed or stopped at a time, then the audit.
import { setTimeout as sleep } from 'node:timers/promises'
import { isIdle } from '../drive/operations.ts'
import { applyProbeScorecard, Probes } from '../drive/probes.ts'
import {
  type AnyStage,
  connectTickets,
  type Listeners,
  PRODUCT_SOURCE,
  setStage,
  type Stage,
  type StagedSystem,
} from '../drive/stage.ts'
import { Traffic } from '../drive/traffic.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'
import { auditUsage, type EffectAudit } from './audit.ts'
import { allThere, applyPlaybooks, auditAll, type EffectKind, seenOf } from './effects.ts'
import { type Fault, inflict, planFaults } from './faults.ts'

export interface ChaosOptions {
  readonly faults: number
  readonly seed: number
  readonly kafka: boolean
  readonly portBase: number
  readonly say: (line: string) => void
}

/** Where the faults happen, which, and how. */
export interface Ground<S extends StagedSystem> {
  readonly setStage: (listeners: Listeners) => Promise<Stage<S>>
  readonly plan: readonly Fault[]
  readonly inflict: (fault: Fault, system: S) => Promise<void>
}

type Settings = Pick<ChaosOptions, 'seed' | 'say'>

export interface ChaosResult {
  faults: number
  kinds: Record<string, number>
  seconds: number
  offeredPerSecond: number
  /** Over the ten seconds in which least was offered. */
  lowestPerSecond: number
  accepted: number
  repeats: number
  retriedRequests: number
  /** Probes fired: each is to have one effect of each kind. */
  probes: number
  effects: Record<EffectKind, EffectAudit>
  redelivered: number
  lost: number
  doubled: number
}

const LEAST_EVENTS_PER_SECOND = 200
/** More than the least, so that a moment in which nothing is offered does not count as less. */
const EVENTS_PER_SECOND = 220
const PROBES_PER_SECOND = 10
const EFFECTS_BETWEEN_FAULTS = 100
const LOAD_ACCOUNTS = 100
const LEAST_PREPARED = 300
const RECOVERY_MS = 180_000
/** A mail or webhook that failed in a fault is tried again after 5 s; a timer of a process that hangs when its lease ends. */
const LAST_EFFECTS_MS = 60_000

const watchEffects = async (fault: Fault, { probes, traffic }: Load, before: number): Promise<void> => {
  const failure = (): unknown => probes.failure ?? traffic.failure
  const enough = (): boolean => seenOf(probes) - before >= EFFECTS_BETWEEN_FAULTS
  const what = `${EFFECTS_BETWEEN_FAULTS} effects after ${fault.kind} ${fault.victim}`
  await until(what, RECOVERY_MS, async () => (failure() !== undefined || enough() ? true : undefined))
  if (failure() !== undefined) throw failure()
}

const accountIdsOf = async (stage: AnyStage, traffic: Traffic): Promise<Map<string, string>> => {
  const ids = new Map<string, string>()
  for (let index = 0; index < LOAD_ACCOUNTS; index += 1) {
    const messageId = `first-${traffic.account(index)}`
    const path = `/v1/sources/${PRODUCT_SOURCE}/receipts/${messageId}`
    const { accountId } = await until(`the receipt of ${messageId}`, 60_000, () =>
      stage.api.find<{ accountId: string }>('ingestion', path),
    )
    ids.set(traffic.account(index), accountId)
  }
  return ids
}

const inflictAll = async <S extends StagedSystem>(
  { plan, inflict: strike }: Ground<S>,
  stage: Stage<S>,
  load: Load,
  say: (line: string) => void,
): Promise<Record<string, number>> => {
  const kinds: Record<string, number> = {}
  for (const [index, fault] of plan.entries()) {
    const name = `${fault.kind} ${fault.victim}`
    const started = Date.now()
    await strike(fault, stage.system)
    await watchEffects(fault, load, seenOf(load.probes)) // what was under way before shows nothing
    kinds[name] = (kinds[name] ?? 0) + 1
    say(
      `fault ${index + 1} of ${plan.length}: ${name}, ${EFFECTS_BETWEEN_FAULTS} effects after ${(Date.now() - started) / 1000} s`,
    )
  }
  return kinds
}

interface Load {
  readonly probes: Probes
  readonly traffic: Traffic
  /** Makes so many more probes. */
  readonly prepare: (count: number) => Promise<void>
}

const prepareLoad = async (stage: AnyStage, probes: Probes, seed: number): Promise<Load> => {
  await applyProbeScorecard(stage)
  await applyPlaybooks(stage)
  await connectTickets(stage)
  const traffic = new Traffic(stage.capture, {
    eventsPerSecond: EVENTS_PER_SECOND,
    accounts: LOAD_ACCOUNTS,
    usersPerAccount: 5,
    repeated: 0.05,
    seed,
  })
  await traffic.introduce()
  const prepare = (count: number) => probes.prepare(count, PRODUCT_SOURCE, stage.capture, stage.api)
  await prepare(LEAST_PREPARED)
  return { probes, traffic, prepare }
}

interface Faulted {
  readonly kinds: Record<string, number>
  readonly seconds: number
}

const faultUnderLoad = async <S extends StagedSystem>(
  ground: Ground<S>,
  stage: Stage<S>,
  load: Load,
  { say }: Settings,
): Promise<Faulted> => {
  const { probes, traffic } = load
  const started = Date.now()
  traffic.start()
  const firing = setInterval(() => probes.left > 0 && probes.fire(), 1000 / PROBES_PER_SECOND)
  const topUp = keepPrepared(load)
  try {
    const kinds = await inflictAll(ground, stage, load, say)
    return { kinds, seconds: (Date.now() - started) / 1000 }
  } finally {
    clearInterval(firing)
    await topUp.stop()
    // Not thrown here: it would stand in the place of what failed first.
    await Promise.allSettled([traffic.stop(), probes.answered()])
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)

const audited = async (stage: AnyStage, { probes, traffic }: Load, faulted: Faulted): Promise<ChaosResult> => {
  const usage = await auditUsage(traffic, await accountIdsOf(stage, traffic), stage.api)
  const effects = await auditAll(stage, probes)
  const all = Object.values(effects)
  return {
    faults: sum(Object.values(faulted.kinds)),
    kinds: faulted.kinds,
    seconds: Math.round(faulted.seconds),
    offeredPerSecond: Math.round(traffic.offeredPerSecond),
    lowestPerSecond: Math.round(traffic.lowestPerSecond),
    accepted: traffic.accepted + probes.fired.length,
    repeats: traffic.repeats,
    retriedRequests: stage.capture.retried + stage.desk.retried,
    probes: probes.fired.length,
    effects,
    redelivered: sum(all.map(({ redelivered }) => redelivered)),
    lost: usage.lost + sum(all.map(({ lost }) => lost)),
    doubled: usage.doubled + sum(all.map(({ doubled }) => doubled)),
  }
}

/** Nothing was lost or doubled, and the load was there: offered all the time, and accepted on the whole. */
export const hasHeld = ({ lost, doubled, lowestPerSecond, accepted, seconds }: ChaosResult): boolean =>
  lost + doubled === 0 && lowestPerSecond >= LEAST_EVENTS_PER_SECOND && accepted >= LEAST_EVENTS_PER_SECOND * seconds

/** A stage under load, the faults of `ground`, then the audit. */
export const faultsOn = async <S extends StagedSystem>(ground: Ground<S>, settings: Settings): Promise<ChaosResult> => {
  const arriving: { probes?: Probes } = {}
  const stage = await ground.setStage({
    onArrival: (one) => arriving.probes?.arrived(one),
    onMail: (one) => arriving.probes?.mailed(one),
  })
  try {
    const probes = (arriving.probes = new Probes(stage.desk))
    const load = await prepareLoad(stage, probes, settings.seed)
    const faulted = await faultUnderLoad(ground, stage, load, settings)
    await load.traffic.stop() // throws what failed on the way
    await probes.answered()
    await settle(stage, probes)
    return await audited(stage, load, faulted)
  } finally {
    await stage.close()
  }
}

export const runChaos = (options: ChaosOptions): Promise<ChaosResult> =>
  faultsOn(
    {
      setStage: (listeners) => setStage({ ...options, ...listeners, purpose: 'chaos' }),
      plan: planFaults(options.faults, options.seed, options.kafka),
      inflict: (fault, { supervisor }) => inflict(fault, supervisor),
    },
    options,
  )

/** Makes more probes before they run out, until stopped. */
const keepPrepared = ({ probes, prepare }: Load): { stop(): Promise<void> } => {
  const stopping = new AbortController()
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (probes.left < LEAST_PREPARED) await prepare(100)
      else await sleep(200)
    }
  }
  const running = keep().catch((fault: unknown) => {
    probes.failure ??= fault
  })
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}

/** Everything consumed, nothing waiting to be sent, every probe that will have an effect has had it. */
const settle = async (stage: AnyStage, probes: Probes): Promise<void> => {
  const idle = async () => (await isIdle(stage.api, services)) || undefined
  await until('no lag and an empty outbox in every service', RECOVERY_MS, idle)
  const complete = async () => (await allThere(stage, probes)) || undefined
  // What is not there by then is told as lost.
  await until('every effect', LAST_EFFECTS_MS, complete).catch(() => undefined)
}
