// `npm run bench -- pipeline`: from a ticket sent to the webhook received, while usage streams in; against the least that
// the way could cost. Both are up all the time, and a round of one is followed by a round of the other.
import { topics } from '@banso/contracts'
import type { EventLog } from '@banso/messaging'
import { randomBytes, randomUUID } from 'node:crypto'
import { Capture } from '../drive/capture.ts'
import { Desk } from '../drive/desk.ts'
import { backlogOf, isIdle } from '../drive/operations.ts'
import { applyProbeScorecard, Probes } from '../drive/probes.ts'
import { connectTickets, DESK_SOURCE, PRODUCT_SOURCE, putPlaybook, setStage, type Stage } from '../drive/stage.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'
import { cpuOf, cpuOfTree } from './cpu.ts'
import { withFloor } from './floor-process.ts'
import { FLOOR_RECEIVED } from './floors/bare-pipeline.ts'
import { STORES } from './ingestion-alone.ts'
import { openLog } from './open-log.ts'
import { type PipelineResult, type PipelineRounds, resultOf } from './pipeline-result.ts'
import { type PipelineOptions, PROBES_PER_SECOND, type Round, runRound, type Side } from './pipeline-round.ts'
import { endOf } from './progress.ts'

/** Under the same load: in the product every account of the stream is new then. Not measured. */
const MOST_WARM_UP_SECONDS = 30
const IDLE_WITHIN_MS = 120_000
/** Tickets beyond those that the seconds make. */
const SPARE_PROBES = 50

const warmUpOf = ({ seconds }: PipelineOptions): number => Math.min(seconds, MOST_WARM_UP_SECONDS)

const lagOf = async ({ api }: Stage): Promise<number> => {
  const backlogs = await Promise.all(services.map((service) => backlogOf(api, service)))
  return backlogs.reduce((sum, { lag }) => sum + (lag ?? Number.NaN), 0)
}

const productOf = (stage: Stage, probes: Probes, log: EventLog): Side => ({
  capture: stage.capture,
  probes,
  cpu: () => cpuOf(stage.system.supervisor, [...services, ...STORES]),
  end: () => endOf(log, topics.received.name),
  lag: () => lagOf(stage),
  idle: () =>
    until(
      'every service to be done',
      IDLE_WITHIN_MS,
      async () => (await isIdle(stage.api, services)) || undefined,
    ).then(() => undefined),
})

const floorOf = (stage: Stage, { url, pid }: { url: string; pid: number }, log: EventLog): Side => ({
  capture: new Capture(url, stage.writeKey),
  probes: new Probes(new Desk(url, DESK_SOURCE, '')),
  cpu: () => ({ ...cpuOf(stage.system.supervisor, STORES), floor: cpuOfTree(pid) }),
  end: () => endOf(log, FLOOR_RECEIVED.name),
})

const interleaved = async (product: Side, floor: Side, options: PipelineOptions): Promise<PipelineRounds> => {
  const { eventsPerSecond, seconds, rounds, say } = options
  const warming = { eventsPerSecond, seconds: warmUpOf(options) }
  say(`warming up: ${warming.seconds} s of each`)
  const warmUp = await runRound(product, warming)
  await runRound(floor, warming)
  const done: { readonly product: Round; readonly floor: Round }[] = []
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}: ${seconds} s of each`)
    done.push({ product: await runRound(product, options), floor: await runRound(floor, options) })
  }
  return { warmUp, product: done.map((round) => round.product), floor: done.map((round) => round.floor) }
}

const probesNeeded = (options: PipelineOptions): number =>
  (warmUpOf(options) + options.rounds * options.seconds) * PROBES_PER_SECOND + SPARE_PROBES

const measure = async (stage: Stage, sides: Probes[], options: PipelineOptions): Promise<PipelineRounds> => {
  const { system, receiver } = stage
  const probes = new Probes(stage.desk)
  sides.push(probes)
  await probes.prepare(probesNeeded(options), PRODUCT_SOURCE, stage.capture, stage.api)
  const secret = randomBytes(24).toString('base64')
  receiver.trust(secret)
  const command = {
    file: 'bare-pipeline.ts',
    port: system.ports.mail, // nobody else's here: mails go to the inbox of the stage
    args: [receiver.url],
    env: { FLOOR_DATABASE_URL: system.databaseUrls.health, FLOOR_WEBHOOK_SECRET: secret },
  }
  const log = openLog(system.brokers, system.databaseUrls.log)
  try {
    return await withFloor(system, command, async (url, pid) => {
      const floor = floorOf(stage, { url, pid }, log)
      sides.push(floor.probes)
      for (let made = 0; made < probesNeeded(options); made += 1) {
        const account = `floor-probe-${randomUUID()}`
        floor.probes.add(account, account)
      }
      return interleaved(productOf(stage, probes, log), floor, options)
    })
  } finally {
    await log.close()
  }
}

export const runPipeline = async (options: PipelineOptions): Promise<PipelineResult> => {
  const sides: Probes[] = []
  const onArrival: Probes['arrived'] = (arrival) => sides.forEach((probes) => probes.arrived(arrival))
  const stage = await setStage({ ...options, purpose: 'bench', onArrival })
  try {
    await applyProbeScorecard(stage)
    await putPlaybook(stage, 'turned-red', ['red'])
    await connectTickets(stage)
    const rounds = await measure(stage, sides, options)
    return resultOf(rounds, options, warmUpOf(options))
  } finally {
    await stage.close()
  }
}
