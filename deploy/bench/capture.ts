// `npm run bench -- capture`: events per second that capture takes, against the least that taking them could cost.
import { topics } from '@banso/contracts'
import { cpuOf, cpuOfTree, since } from './cpu.ts'
import { withFloor } from './floor-process.ts'
import { grewBy } from './growth.ts'
import { IngestionAlone, STORES, WATCHED } from './ingestion-alone.ts'
import type { OneServiceOptions } from './one-service.ts'
import { BATCH, CONNECTIONS, load, type Loaded } from './load.ts'
import { median, rounded, sum } from './pace.ts'
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

const measure = async (alone: IngestionAlone, { url, topic, cpu }: Target, requests: number): Promise<Side> => {
  const [before, from] = [cpu(), sumOf(await alone.ends(topic))]
  const loaded = await load(url, alone.writeKey, requests)
  return { ...loaded, cpu: since(before, cpu()), appended: sumOf(await alone.ends(topic)) - from }
}

/** Rounds of both in turns; before them a quarter of one, which warms both up. */
const interleaved = (alone: IngestionAlone, requests: number, count: number): Promise<Round[]> => {
  const { addresses, supervisor, ports } = alone.system
  const ours = {
    url: `${addresses.capture}/v1/batch`,
    topic: topics.received.name,
    cpu: () => cpuOf(supervisor, WATCHED),
  }
  const command = { file: 'bare-capture.ts', port: ports.playbooks, args: [FLOOR_TOPIC] } // nobody else's port then
  return withFloor(alone.system, command, async (url, pid) => {
    const cpu = () => ({ ...cpuOf(supervisor, STORES), floor: cpuOfTree(pid) })
    const floor = { url, topic: FLOOR_TOPIC, cpu }
    const roundOf = async (size: number): Promise<Round> => ({
      ours: await measure(alone, ours, size),
      floor: await measure(alone, floor, size),
    })
    await roundOf(Math.ceil(requests / 4))
    const rounds: Round[] = []
    for (let round = 0; round < count; round += 1) rounds.push(await roundOf(requests))
    return rounds
  })
}

const cpuPerMillion = (sides: readonly Side[]): Record<string, number> =>
  Object.fromEntries(
    Object.keys(sides[0]?.cpu ?? {}).map((name) => [
      name,
      rounded(median(sides.map(({ cpu, events }) => ((cpu[name] ?? 0) / events) * 1_000_000))),
    ]),
  )

export const runCapture = async (options: CaptureOptions): Promise<CaptureResult> => {
  const requests = Math.ceil(options.events / BATCH)
  const alone = await IngestionAlone.open(options)
  try {
    const rounds = await interleaved(alone, requests, options.rounds)
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
      kept: grewBy(accepted, appended, options.say),
    }
  } finally {
    await alone.close()
  }
}
