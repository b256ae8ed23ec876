// `npm run bench -- sorter`: events per second that the sorter makes of the raw log, against the least that it could cost.
import { topics } from '@banso/contracts'
import { openSorterFloor, runSorterFloor } from './floors/bare-sorter.ts'
import { grewBy } from './growth.ts'
import { IngestionAlone } from './ingestion-alone.ts'
import type { OneServiceOptions } from './one-service.ts'
import { BATCH, load } from './load.ts'
import { type Mark, median, paceOf, rounded, sum } from './pace.ts'
import { sumOf } from './progress.ts'

export interface SorterOptions extends OneServiceOptions {
  /** Of a round. */
  readonly events: number
  readonly rounds: number
}

export interface SorterResult {
  log: 'kafka' | 'embedded'
  events: number
  rounds: number
  /** Records of one transaction, on average. */
  batch: number
  /** Medians of the rounds. */
  perSecond: number
  floorPerSecond: number
  /** Of sorter to floor, round by round; its median. */
  ratio: number
  /** CPU seconds per million events, by process; medians. */
  cpuPerMillion: Record<string, number>
  /** Events taken over all rounds, once for the sorter and once for its floor, and by how much both made the topic of usage grow. */
  accepted: number
  appended: number
  kept: boolean
}

interface Round {
  readonly sorter: readonly Mark[]
  readonly floor: readonly Mark[]
  readonly batch: number
  readonly accepted: number
  readonly appended: number
}

/** Share of a round that warms both up and is not measured. */
const WARM_UP = 0.25

const roundOf = async (alone: IngestionAlone, events: number): Promise<Round> => {
  const [raw, typed] = [topics.received.name, topics.usageEvents.name]
  const from = await alone.ends(raw)
  const requests = Math.ceil(events / BATCH)
  const { events: taken } = await load(`${alone.system.addresses.capture}/v1/batch`, alone.writeKey, requests, requests)
  await alone.stop()
  const [to, typedBefore] = [await alone.ends(raw), sumOf(await alone.ends(typed))]
  const sorter = await alone.sortAll(sumOf(from))
  const batch = await alone.batch()
  await alone.stop()
  const floor = await openSorterFloor(alone.databaseUrl)
  try {
    const marks = await runSorterFloor(floor, alone.source, { from, to, batch })
    const appended = sumOf(await alone.ends(typed)) - typedBefore
    return { sorter, floor: marks, batch, accepted: 2 * taken, appended }
  } finally {
    await floor.end()
  }
}

export const runSorter = async (options: SorterOptions): Promise<SorterResult> => {
  const alone = await IngestionAlone.open(options)
  try {
    const rounds: Round[] = []
    for (let round = 0; round < options.rounds; round += 1) {
      if (round > 0) await alone.startCapture()
      rounds.push(await roundOf(alone, options.events))
    }
    const paces = rounds.map(({ sorter, floor }) => ({
      sorter: paceOf(sorter, options.events * WARM_UP),
      floor: paceOf(floor, options.events * WARM_UP),
    }))
    const processes = Object.keys(paces[0]?.sorter.cpuMs ?? {})
    const cpuOfProcess = (name: string): number => median(paces.map(({ sorter }) => sorter.cpuMs[name] ?? Number.NaN))
    const accepted = sum(rounds.map((round) => round.accepted))
    const appended = sum(rounds.map((round) => round.appended))
    return {
      log: options.kafka ? 'kafka' : 'embedded',
      events: options.events,
      rounds: options.rounds,
      batch: Math.round(median(rounds.map(({ batch }) => batch))),
      perSecond: Math.round(median(paces.map(({ sorter }) => sorter.perSecond))),
      floorPerSecond: Math.round(median(paces.map(({ floor }) => floor.perSecond))),
      ratio: rounded(median(paces.map(({ sorter, floor }) => sorter.perSecond / floor.perSecond))),
      cpuPerMillion: Object.fromEntries(processes.map((name) => [name, rounded(cpuOfProcess(name) * 1000)])),
      accepted,
      appended,
      kept: grewBy(accepted, appended, options.say),
    }
  } finally {
    await alone.close()
  }
}
