// `npm run bench -- capture`: events per second that capture takes, against the least that taking them could cost.
import { topics } from '@banso/contracts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from '../drive/wait.ts'
import { cpuOf, cpuOfTree, since } from './cpu.ts'
import { IngestionAlone, STORES, WATCHED } from './ingestion-alone.ts'
import type { OneServiceOptions } from './one-service.ts'
import { BATCH, CONNECTIONS, load, type Loaded } from './load.ts'
import { median, rounded } from './pace.ts'
import { sumOf } from './progress.ts'

export interface CaptureOptions extends OneServiceOptions {
  /** Of a round. */
  readonly events: number
  readonly rounds: number
}

export interface CaptureResult {
  log: 'kafka' | 'embedded'
  batch: number
  connections: number
  events: number
  rounds: number
  /** Medians of the rounds. */
  perSecond: number
  floorPerSecond: number
  /** Of capture to floor, round by round; its median. */
  ratio: number
  p99Ms: number
  floorP99Ms: number
  /** CPU seconds per million events, by process; medians. */
  cpuPerMillion: Record<string, number>
  floorCpuPerMillion: Record<string, number>
  /** Accepted over all rounds, and by how much the ends of the topics grew. */
  accepted: number
  appended: number
  kept: boolean
}

interface Side extends Loaded {
  readonly cpu: Record<string, number>
  readonly appended: number
}

interface Target {
  readonly url: string
  readonly topic: string
  /** CPU seconds so far. */
  readonly cpu: () => Record<string, number>
}

interface Round {
  readonly ours: Side
  readonly floor: Side
}

/** A topic of the same shape, which nothing reads while capture is alone. */
const FLOOR_TOPIC = topics.usageEvents.name
const READY_MS = 60_000

const measure = async (alone: IngestionAlone, { url, topic, cpu }: Target, requests: number): Promise<Side> => {
  const [before, from] = [cpu(), sumOf(await alone.ends(topic))]
  const loaded = await load(url, alone.writeKey, requests)
  return { ...loaded, cpu: since(before, cpu()), appended: sumOf(await alone.ends(topic)) - from }
}

/** The floor, as a process of its own while `during` runs. */
const withFloor = async <T>(
  { system }: IngestionAlone,
  during: (url: string, pid: number) => Promise<T>,
): Promise<T> => {
  const port = String(system.ports.playbooks) // nobody else's while ingestion is alone
  const floor = spawn(process.execPath, [join(import.meta.dirname, 'floors/bare-capture.ts'), port, FLOOR_TOPIC], {
    env: { ...process.env, KAFKA_BROKERS: system.brokers ?? '', BANSO_LOG_DATABASE_URL: system.databaseUrls.log },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const gone = once(floor, 'exit')
  try {
    const url = `http://127.0.0.1:${port}`
    await until('the floor to listen', READY_MS, async () => (await answers(url)) || undefined)
    return await during(url, floor.pid ?? 0)
  } finally {
    floor.kill('SIGTERM')
    await gone
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { method: 'POST', body: '{"batch":[]}' }).then(
    (answer) => answer.ok,
    () => false,
  )

const roundOf = async (alone: IngestionAlone, requests: number): Promise<Round> => {
  const { addresses, supervisor } = alone.system
  const ours = await measure(
    alone,
    { url: `${addresses.capture}/v1/batch`, topic: topics.received.name, cpu: () => cpuOf(supervisor, WATCHED) },
    requests,
  )
  const floor = await withFloor(alone, (url, pid) =>
    measure(
      alone,
      { url, topic: FLOOR_TOPIC, cpu: () => ({ ...cpuOf(supervisor, STORES), floor: cpuOfTree(pid) }) },
      requests,
    ),
  )
  return { ours, floor }
}

const cpuPerMillion = (sides: readonly Side[]): Record<string, number> =>
  Object.fromEntries(
    Object.keys(sides[0]?.cpu ?? {}).map((name) => [
      name,
      rounded(median(sides.map(({ cpu, events }) => ((cpu[name] ?? 0) / events) * 1_000_000))),
    ]),
  )

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

export const runCapture = async (options: CaptureOptions): Promise<CaptureResult> => {
  const requests = Math.ceil(options.events / BATCH)
  const alone = await IngestionAlone.open(options)
  try {
    await roundOf(alone, Math.ceil(requests / 4)) // warms both up
    const rounds: Round[] = []
    for (let round = 0; round < options.rounds; round += 1) rounds.push(await roundOf(alone, requests))
    const [ours, floors] = [rounds.map((round) => round.ours), rounds.map((round) => round.floor)]
    const accepted = sum([...ours, ...floors].map(({ events }) => events))
    const appended = sum([...ours, ...floors].map((side) => side.appended))
    return {
      log: options.kafka ? 'kafka' : 'embedded',
      batch: BATCH,
      connections: CONNECTIONS,
      events: requests * BATCH,
      rounds: options.rounds,
      perSecond: Math.round(median(ours.map(({ perSecond }) => perSecond))),
      floorPerSecond: Math.round(median(floors.map(({ perSecond }) => perSecond))),
      ratio: rounded(median(rounds.map(({ ours: mine, floor }) => mine.perSecond / floor.perSecond))),
      p99Ms: median(ours.map(({ p99Ms }) => p99Ms)),
      floorP99Ms: median(floors.map(({ p99Ms }) => p99Ms)),
      cpuPerMillion: cpuPerMillion(ours),
      floorCpuPerMillion: cpuPerMillion(floors),
      accepted,
      appended,
      kept: accepted === appended,
    }
  } finally {
    await alone.close()
  }
}
