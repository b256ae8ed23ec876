// What every driver needs before it can begin: a running system of its own, a source, a desk, a playbook with its receiver.
import { randomBytes, randomUUID } from 'node:crypto'
import { constants } from 'node:os'
import { portsFrom } from '../local/ports.ts'
import { type RunningSystem, startSystem, type SystemOptions } from '../local/system.ts'
import { Api, type Reachable } from './api.ts'
import { Capture } from './capture.ts'
import { Desk } from './desk.ts'
import { type Inbox, type Mail, startInbox } from './inbox.ts'
import { type Host, THIS_HOST } from './host.ts'
import { type Arrival, type Receiver, startReceiver } from './receiver.ts'
import { temporaryHome } from './temporary-home.ts'
import { until } from './wait.ts'

/** What drivers need of a system, wherever it runs. */
export interface StagedSystem extends Reachable {
  stop(): Promise<void>
}

export interface Stage<S extends StagedSystem = RunningSystem> {
  /** The folder of its data. */
  readonly home: string
  readonly system: S
  readonly api: Api
  readonly writeKey: string
  readonly capture: Capture
  readonly desk: Desk
  readonly receiver: Receiver
  readonly inbox: Inbox
  close(): Promise<void>
}
export type AnyStage = Stage<StagedSystem>

export interface Listeners {
  readonly onArrival?: (arrival: Arrival) => void
  readonly onMail?: (mail: Mail) => void
}

export interface StageOptions extends Listeners {
  readonly purpose: string
  readonly kafka: boolean
  readonly portBase: number
  readonly say: (line: string) => void
  /** Further environment of every service. */
  readonly env?: Readonly<Record<string, string>>
}

export const PRODUCT_SOURCE = 'product'
export const DESK_SOURCE = 'desk'

const INTERRUPTS = ['SIGINT', 'SIGTERM'] as const

export interface Surroundings {
  readonly home: string
  readonly inbox: Pick<Inbox, 'url'>
  readonly signal?: AbortSignal
}

/** Where a system is started, and how it reaches the receiver and the inbox of the stage. */
export interface Place<S extends StagedSystem> extends Listeners {
  readonly purpose: string
  readonly host: Host
  start(surroundings: Surroundings): Promise<S>
}

/** Of the service that mails: the inbox is its mail server. */
export const mailSettings = ({ url }: Pick<Inbox, 'url'>): Record<string, string> => ({
  SMTP_URL: url,
  BANSO_SMTP_PLAIN_TEXT: 'true',
  BANSO_MAIL_FROM: 'success@vendor.example',
})

/** Starts the system of a stage, on whatever its home holds. */
export const startHere = async (
  options: StageOptions,
  { home, inbox, signal }: Surroundings,
): Promise<RunningSystem> => {
  const brokers = process.env['KAFKA_BROKERS']
  const kafka: SystemOptions['kafka'] = !options.kafka
    ? { kind: 'none' }
    : brokers
      ? { kind: 'at', brokers }
      : { kind: 'start' }
  return startSystem({
    home,
    ports: portsFrom(options.portBase),
    kafka,
    env: {
      BANSO_ALLOW_PRIVATE_TARGETS: 'true',
      BANSO_ENV: 'development',
      BANSO_TIMEZONE: 'UTC',
      ...mailSettings(inbox),
      ...options.env,
    },
    ...(signal && { signal }),
    say: options.say,
  })
}

const makeSources = async (api: Api): Promise<{ writeKey: string; signingSecret: string }> => {
  const signingSecret = randomBytes(24).toString('base64')
  await api.call('ingestion', 'POST', '/v1/sources', { name: PRODUCT_SOURCE, kind: 'segment' })
  await api.call('ingestion', 'POST', '/v1/sources', { name: DESK_SOURCE, kind: 'zendesk', signingSecret })
  const keys = `/v1/sources/${PRODUCT_SOURCE}/keys`
  const { writeKey } = await api.call<{ writeKey: string }>('ingestion', 'POST', keys, { kind: 'server' })
  return { writeKey, signingSecret }
}

/** Everything from nothing, as processes of this machine in a throw-away home; `close` stops and removes it all. */
export const setStage = (options: StageOptions): Promise<Stage> =>
  setStageAt({ ...options, host: THIS_HOST, start: (surroundings) => startHere(options, surroundings) })

/** The same wherever `place` starts it. */
export const setStageAt = async <S extends StagedSystem>(place: Place<S>): Promise<Stage<S>> => {
  const home = temporaryHome(place.purpose)
  const receiver = await startReceiver(0, place.onArrival, place.host)
  const inbox = await startInbox(0, place.onMail, place.host)
  let system: S | undefined
  const interrupted = new AbortController()
  const close = async (): Promise<void> => {
    for (const signal of INTERRUPTS) process.off(signal, interrupt)
    await system?.stop()
    await receiver.close()
    await inbox.close()
    home.remove()
  }
  // Ctrl-C, and a job that is cut off, leave nothing behind either.
  const interrupt = (signal: NodeJS.Signals): void => {
    interrupted.abort()
    if (system) void close().finally(() => process.exit(128 + constants.signals[signal]))
  }
  for (const signal of INTERRUPTS) process.on(signal, interrupt)
  try {
    system = await place.start({ home: home.path, inbox, signal: interrupted.signal })
    const api = new Api(system)
    const { writeKey, signingSecret } = await makeSources(api)
    return {
      home: home.path,
      system,
      api,
      writeKey,
      receiver,
      inbox,
      capture: new Capture(system.addresses.capture, writeKey),
      desk: new Desk(system.addresses.capture, DESK_SOURCE, signingSecret),
      close,
    }
  } catch (fault) {
    await close()
    throw fault
  }
}

/** Applies a blueprint; the secret of its webhooks, when that is shown, is one to trust. */
export const applyBlueprint = async (
  { api, receiver }: Pick<AnyStage, 'api' | 'receiver'>,
  blueprint: { readonly kind: string; readonly name: string; readonly spec: object },
): Promise<void> => {
  const { kind, name } = blueprint
  const service = kind === 'Journey' ? 'journeys' : kind === 'Scorecard' ? 'health' : 'playbooks'
  const { secret } = await api.call<{ secret?: string }>(service, 'PUT', `/v1/blueprints/${kind}/${name}`, blueprint)
  if (secret !== undefined) receiver.trust(secret)
}

/** A playbook that calls the receiver when an account's band becomes one of `to`. */
export const putPlaybook = (stage: Stage, name: string, to: readonly string[]): Promise<void> =>
  applyBlueprint(stage, {
    kind: 'Playbook',
    name,
    spec: { trigger: { on: 'band-changed', to }, action: { kind: 'webhook', url: stage.receiver.url } },
  })

/** Sends one solved ticket and waits until health knows of tickets: from then on an account without one has no burden. */
export const connectTickets = async ({ api, capture, desk }: AnyStage): Promise<void> => {
  const account = 'tickets-connected'
  const messageId = randomUUID()
  const timestamp = new Date().toISOString()
  await capture.send([
    { type: 'track', messageId, userId: account, event: 'Signed In', timestamp, context: { groupId: account } },
  ])
  await desk.solvedTicket(account)
  await until('a score with an experience half', 60_000, async () => {
    const path = `/v1/sources/${PRODUCT_SOURCE}/receipts/${messageId}`
    const receipt = await api.find<{ accountId: string }>('ingestion', path)
    if (!receipt) return undefined
    const score = await api.find<{ experience: { score: number | null } }>(
      'health',
      `/v1/accounts/${receipt.accountId}/score`,
    )
    return score && score.experience.score !== null ? score : undefined
  })
}
