// Faults under load: a steady stream of usage and of probes, one process killed or stopped at a time, then the audit.
import { setTimeout as sleep } from 'node:timers/promises'
import { Probes } from '../drive/probes.ts'
import { connectTickets, PRODUCT_SOURCE, putPlaybook, setStage, type Stage } from '../drive/stage.ts'
import { Traffic } from '../drive/traffic.ts'
import { until } from '../drive/wait.ts'
import { auditEffects, auditUsage } from './audit.ts'
import { type Fault, inflict, planFaults } from './faults.ts'

export interface ChaosOptions {
  readonly faults: number
  readonly seed: number
  readonly kafka: boolean
  readonly portBase: number
  readonly say: (line: string) => void
}

export interface ChaosResult {
  faults: number
  kinds: Record<string, number>
  seconds: number
  offeredPerSecond: number
  accepted: number
  repeats: number
  retriedRequests: number
  effects: number
  redelivered: number
  lost: number
  doubled: number
}

const EVENTS_PER_SECOND = 210
const PROBES_PER_SECOND = 10
const EFFECTS_BETWEEN_FAULTS = 100
const LOAD_ACCOUNTS = 100
const RECOVERY_MS = 180_000

const watchEffects = async (fault: Fault, probes: Probes, before: number): Promise<void> => {
  await until(`${EFFECTS_BETWEEN_FAULTS} effects after ${fault.kind} ${fault.victim}`, RECOVERY_MS, async () => {
    if (probes.failure) throw probes.failure
    return effectsOf(probes) - before >= EFFECTS_BETWEEN_FAULTS ? true : undefined
  })
}

const effectsOf = (probes: Probes): number => probes.fired.filter((probe) => probe.arrivals.length > 0).length

const accountIdsOf = async (stage: Stage, traffic: Traffic): Promise<Map<string, string>> => {
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

const inflictAll = async (
  plan: readonly Fault[],
  stage: Stage,
  probes: Probes,
  say: (line: string) => void,
): Promise<Record<string, number>> => {
  const kinds: Record<string, number> = {}
  for (const [index, fault] of plan.entries()) {
    const name = `${fault.kind} ${fault.victim}`
    const started = Date.now()
    const before = effectsOf(probes)
    await inflict(fault, stage.system.supervisor)
    await watchEffects(fault, probes, before)
    kinds[name] = (kinds[name] ?? 0) + 1
    say(
      `fault ${index + 1} of ${plan.length}: ${name}, ${EFFECTS_BETWEEN_FAULTS} effects after ${(Date.now() - started) / 1000} s`,
    )
  }
  return kinds
}

export const runChaos = async (options: ChaosOptions): Promise<ChaosResult> => {
  const { say } = options
  let probes: Probes | undefined
  const stage = await setStage({ ...options, purpose: 'chaos', onArrival: (arrival) => probes?.arrived(arrival) })
  let firing: NodeJS.Timeout | undefined
  try {
    await putPlaybook(stage, 'turned-red', ['red'])
    await connectTickets(stage)
    probes = new Probes(stage.desk)
    const traffic = new Traffic(stage.capture, {
      eventsPerSecond: EVENTS_PER_SECOND,
      accounts: LOAD_ACCOUNTS,
      usersPerAccount: 5,
      repeated: 0.05,
      seed: options.seed,
    })
    await traffic.introduce()
    const keeper = probes
    const prepare = (count: number) => keeper.prepare(count, PRODUCT_SOURCE, stage.capture, stage.api)
    await prepare(600)

    const started = Date.now()
    traffic.start()
    firing = setInterval(() => keeper.left > 0 && keeper.fire(), 1000 / PROBES_PER_SECOND)
    const topUp = keepPrepared(keeper, prepare)
    const plan = planFaults(options.faults, options.seed, options.kafka)
    const kinds = await inflictAll(plan, stage, keeper, say)
    clearInterval(firing)
    await topUp.stop()
    await traffic.stop()
    const seconds = (Date.now() - started) / 1000
    await keeper.answered()
    await settle(stage, keeper)
    const usage = await auditUsage(traffic, await accountIdsOf(stage, traffic), stage.api)
    const effects = auditEffects(keeper.fired)
    return {
      faults: plan.length,
      kinds,
      seconds,
      offeredPerSecond: Math.round(traffic.offered / seconds),
      accepted: traffic.accepted + keeper.fired.length,
      repeats: traffic.repeats,
      retriedRequests: stage.capture.retried + stage.desk.retried,
      effects: keeper.fired.length,
      redelivered: effects.redelivered,
      lost: usage.lost + effects.lost,
      doubled: usage.doubled + effects.doubled,
    }
  } finally {
    clearInterval(firing)
    await stage.close()
  }
}

const LEAST_PREPARED = 300

/** Makes more probes before they run out; a fault may make one attempt fail, the next comes. */
const keepPrepared = (probes: Probes, prepare: (count: number) => Promise<void>): { stop(): Promise<void> } => {
  let stopped = false
  const running = (async () => {
    while (!stopped) {
      if (probes.left < LEAST_PREPARED) await prepare(100)
      else await sleep(200)
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await running
    },
  }
}

/** Everything consumed, nothing waiting to be sent, every probe that will have an effect has had it. */
const settle = async (stage: Stage, probes: Probes): Promise<void> => {
  await until('no lag and an empty outbox in every service', RECOVERY_MS, async () => {
    for (const service of ['ingestion', 'accounts', 'health', 'playbooks'] as const)
      if (!(await isIdle(stage, service))) return undefined
    return true
  })
  const deadline = Date.now() + 15_000
  while (Date.now() < deadline && effectsOf(probes) < probes.fired.length) await sleep(100)
}

interface OperationsStatus {
  readonly lag: number
  readonly outbox: number
  readonly parked: number
}

const isIdle = async (stage: Stage, service: 'ingestion' | 'accounts' | 'health' | 'playbooks'): Promise<boolean> => {
  const { lag, outbox, parked } = await stage.api.get<OperationsStatus>(service, '/v1/operations/status')
  return lag + outbox + parked === 0
}
