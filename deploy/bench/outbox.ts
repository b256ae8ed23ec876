// `npm run bench -- outbox`: events per second from a service's transactions through its outbox into the log, against the
// least that an outbox could cost.
import { HEADER, toHeaders, topics } from '@banso/contracts'
import {
  type AppendRecord,
  createEventService,
  EVENT_LOG,
  type EventLog,
  messagingEntities,
  messagingMigrations,
  MessagingModule,
  type OutgoingEvent,
  partitionOf,
  RELAY_BATCH,
  Transactions,
} from '@banso/messaging'
import { createLogger, migrate, parseConfig, PlatformModule, platformSettings, serviceDatabase } from '@banso/platform'
import type { DynamicModule } from '@nestjs/common'
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import Type from 'typebox'
import { temporaryHome } from '../drive/temporary-home.ts'
import { portsFrom } from '../local/ports.ts'
import { type RunningSystem, startSystem } from '../local/system.ts'
import { runOutboxFloor } from './floors/bare-outbox.ts'
import { grewBy } from './growth.ts'
import { median, rounded } from './pace.ts'
import { endOf } from './progress.ts'

export interface OutboxOptions {
  readonly kafka: boolean
  /** Of a round. */
  readonly events: number
  readonly rounds: number
  readonly portBase: number
  readonly say: (line: string) => void
}

export interface OutboxResult {
  log: 'kafka' | 'embedded'
  events: number
  rounds: number
  /** Events of one transaction. */
  transaction: number
  /** Medians of the rounds. */
  perSecond: number
  floorPerSecond: number
  /** Of outbox to floor, round by round; its median. */
  ratio: number
  /** Published over all rounds, by both, and by how much the ends of the topic grew. */
  accepted: number
  appended: number
  kept: boolean
}

const SERVICE = 'journeys'
const TOPIC = topics.journeyProgress.name
const TYPE = 'journeys.milestone-reached.v1'
const TRANSACTION = 200
const ACCOUNTS = 1_000
const POLL_MS = 5

const eventOf = (place: number): OutgoingEvent<typeof TYPE> => {
  const key = `00000000-0000-4000-8000-${String(place % ACCOUNTS).padStart(12, '0')}`
  const time = new Date()
  const seen = randomUUID()
  const data = {
    accountId: key,
    journey: { name: 'starter', version: 1 },
    stage: 'onboarding',
    at: time.toISOString(),
    cause: 'events' as const,
    newestEvent: { id: seen, time: time.toISOString(), receivedAt: time.toISOString() },
    evidence: [seen],
    values: { keyEvents: 3, users: 2 },
    reason: 'activation is reached: 3 key events by 2 users',
    milestone: 'activation',
    how: 'automatic' as const,
  }
  return { topic: TOPIC, type: TYPE, key, time, id: randomUUID(), data }
}

const eventsOf = (count: number): OutgoingEvent<typeof TYPE>[] => Array.from({ length: count }, (_, at) => eventOf(at))

const recordOf = ({ id = '', key, time, data }: OutgoingEvent<typeof TYPE>): AppendRecord => ({
  topic: TOPIC,
  partition: partitionOf(TOPIC, key),
  key,
  value: Buffer.from(JSON.stringify(data)),
  headers: {
    ...toHeaders({ id, type: TYPE, source: '/banso/journeys', time, subject: key }),
    [HEADER.writer]: 'outbox/bench/1',
    [HEADER.sequence]: '1',
  },
})

const databaseOf = (url: string) =>
  serviceDatabase({ service: SERVICE, url, entities: messagingEntities, migrations: messagingMigrations })

/** A service of nothing but messaging. */
const moduleOf = ({ brokers, databaseUrls }: RunningSystem): DynamicModule => {
  const platform = PlatformModule.forRoot({
    service: SERVICE,
    settings: parseConfig(Type.Object(platformSettings), { BANSO_ENV: 'development' }),
    token: randomBytes(24).toString('base64url'),
    database: databaseOf(databaseUrls.journeys),
    logger: createLogger({ service: SERVICE, level: 'warn' }, process.stderr), // the result has the other one to itself
  })
  const messaging = MessagingModule.forRoot({
    service: SERVICE,
    log: brokers ? { kafkaBrokers: brokers.split(',') } : { databaseUrl: databaseUrls.log },
    lockKeys: async () => {},
  })
  return { ...messaging, imports: [platform, ...(messaging.imports ?? [])] }
}

interface Course {
  readonly log: EventLog
  readonly transactions: Transactions
  readonly databaseUrl: string
}

/** Milliseconds until the log has all of them. */
const runOurs = async ({ log, transactions }: Course, count: number): Promise<number> => {
  const events = eventsOf(count)
  const end = (await endOf(log, TOPIC)) + count
  const began = performance.now()
  for (let at = 0; at < count; at += TRANSACTION)
    await transactions.run([], async (work) => {
      for (const event of events.slice(at, at + TRANSACTION)) work.publish(event)
    })
  while ((await endOf(log, TOPIC)) < end) await sleep(POLL_MS)
  return performance.now() - began
}

const runFloor = ({ log, databaseUrl }: Course, count: number): Promise<number> =>
  runOutboxFloor(databaseUrl, log, {
    records: eventsOf(count).map(recordOf),
    transaction: TRANSACTION,
    append: RELAY_BATCH,
  })

const measure = async (course: Course, { kafka, events, rounds, say }: OutboxOptions): Promise<OutboxResult> => {
  await runOurs(course, Math.ceil(events / 4)) // warms both up
  await runFloor(course, Math.ceil(events / 4))
  const before = await endOf(course.log, TOPIC)
  const done: { readonly ours: number; readonly floor: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const ours = await runOurs(course, events)
    done.push({ ours, floor: await runFloor(course, events) })
  }
  const [accepted, appended] = [2 * rounds * events, (await endOf(course.log, TOPIC)) - before]
  const perSecond = (milliseconds: readonly number[]): number => Math.round((events / median(milliseconds)) * 1000)
  return {
    log: kafka ? 'kafka' : 'embedded',
    events,
    rounds,
    transaction: TRANSACTION,
    perSecond: perSecond(done.map(({ ours }) => ours)),
    floorPerSecond: perSecond(done.map(({ floor }) => floor)),
    ratio: rounded(median(done.map(({ ours, floor }) => floor / ours))),
    accepted,
    appended,
    kept: grewBy(accepted, appended, say),
  }
}

export const runOutbox = async (options: OutboxOptions): Promise<OutboxResult> => {
  const home = temporaryHome('outbox')
  try {
    const system = await startSystem({
      home: home.path,
      ports: portsFrom(options.portBase),
      kafka: { kind: options.kafka ? 'start' : 'none' },
      only: [],
      say: options.say,
    })
    try {
      await migrate(databaseOf(system.databaseUrls.journeys))
      const app = await createEventService(moduleOf(system), { handleSignals: false })
      try {
        const log = app.get<EventLog>(EVENT_LOG)
        await log.ensureTopics([topics.journeyProgress])
        const course = { log, transactions: app.get(Transactions), databaseUrl: system.databaseUrls.journeys }
        return await measure(course, options)
      } finally {
        await app.close()
      }
    } finally {
      await system.stop()
    }
  } finally {
    home.remove()
  }
}
