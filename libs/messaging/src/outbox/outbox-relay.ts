import type { ServiceName } from '@banso/contracts'
import { type Logger, noTracing, type Tracing } from '@banso/platform'
import type { Counter, Registry } from 'prom-client'
import type { DataSource } from 'typeorm'
import { AppendError } from '../log/errors.ts'
import type { AppendRecord, EventLog } from '../log/event-log.ts'
import { OutboxBehindLogError } from './errors.ts'
import { sentSequences } from './log-tail.ts'
import { type Backlog, OutboxStore, type WaitingRecord } from './outbox-store.ts'
import { RelayLease } from './relay-lease.ts'
import { relayMetrics } from './relay-metrics.ts'
import { RecordSpans } from '../tracing/record-spans.ts'
import type { Presence } from '../presence/presence.ts'
import type { WakeUp } from './wake-up.ts'
import { within } from './within.ts'
import { WorkerLoop } from './worker-loop.ts'

/** What a relay needs of the log. */
export type RelayLog = Pick<EventLog, 'append' | 'positions' | 'read'>

export interface RelayOptions {
  readonly service: ServiceName
  readonly dataSource: DataSource
  readonly log: RelayLog
  /** Called when rows were committed in this process. */
  readonly wake: WakeUp
  readonly logger: Logger
  readonly registry?: Registry
  /** Absent: off. */
  readonly tracing?: Tracing
  /** Vouches for this process: when it has died, another relay goes on at once. */
  readonly presence?: Presence
  /** How long another relay waits when this process is silent; default 5 s. */
  readonly leaseMs?: number
}

/**
 * stopped; waiting: another relay holds the lease; checking: the log was not yet compared with this database; behind:
 * nothing is sent until `raiseGeneration`; sending.
 */
export type RelayState = 'stopped' | 'waiting' | 'checking' | 'behind' | 'sending'

const DEFAULT_LEASE_MS = 5_000
const LONGEST_STOP_MS = 10_000

/**
 * Appends what the outbox holds to the log, oldest first, one append in flight, and deletes what is confirmed. What is
 * not confirmed is still the oldest at the next read, so it goes before anything newer of its partition. A relay that
 * dies between append and delete sends again, with the same sequences: consumers drop those.
 */
export class OutboxRelay {
  private readonly store: OutboxStore
  private readonly lease: RelayLease
  private readonly loop: WorkerLoop
  private readonly sent: Counter<'topic'> | undefined
  private current: RelayState = 'stopped'
  private behind: OutboxBehindLogError | undefined

  constructor(private readonly options: RelayOptions) {
    const { dataSource, service, registry, wake, logger } = options
    this.store = new OutboxStore(dataSource, options.presence)
    this.lease = new RelayLease(dataSource, service, options.leaseMs ?? DEFAULT_LEASE_MS, options.presence)
    this.loop = new WorkerLoop({ name: 'outbox relay', step: () => this.relaySome(), wake, logger })
    this.sent = registry && relayMetrics(registry, this.store)
  }

  get state(): RelayState {
    return this.current
  }

  /** Set while the database is behind the log. */
  get fault(): OutboxBehindLogError | undefined {
    return this.behind
  }

  /** Rows waiting (counted up to 100,000) and the age of the oldest in seconds. */
  backlog(): Promise<Backlog> {
    return this.store.backlog()
  }

  /** Call before anything is published: what is written afterwards can then be told from what a backup brought back. */
  async start(): Promise<void> {
    await this.lease.hold()
    this.current = 'checking'
    this.loop.start()
  }

  /** Finishes the append in flight, for at most 10 s, and gives the lease away. */
  async stop(): Promise<void> {
    if (this.current === 'stopped') return
    await within(LONGEST_STOP_MS, this.loop.stop())
    this.current = 'stopped'
    await this.releaseLease()
  }

  /** After a restore: sequences count anew, under a generation that the log has never seen; the relay goes on. */
  async raiseGeneration(): Promise<number> {
    const { log, service, wake, logger } = this.options
    const seen = await sentSequences(log, service)
    const generation = await this.lease.startGeneration(Math.max(0, ...seen.keys()) + 1)
    logger.warn({ generation }, 'outbox generation raised')
    wake.call()
    return generation
  }

  private async releaseLease(): Promise<void> {
    try {
      await this.lease.release()
    } catch (err) {
      this.options.logger.warn({ err }, 'outbox lease not given away, it runs out')
    }
  }

  /** Whether there may be more to send at once. */
  private async relaySome(): Promise<boolean> {
    if (!(await this.maySend())) return false
    const { records, hasMore } = await this.store.oldest(this.options.service, this.lease.holder)
    if (records.length > 0) await this.send(records)
    return hasMore // what was committed meanwhile has called
  }

  private async maySend(): Promise<boolean> {
    const lease = await this.lease.renewed({ now: this.behind !== undefined })
    if (!lease || lease.unverifiedFrom === null) {
      this.behind = undefined
      this.current = lease ? 'sending' : 'waiting'
      return lease !== undefined
    }
    if (this.behind?.generation === lease.generation) return false
    this.current = 'checking'
    this.behind = await this.compareWithLog(lease.generation, lease.unverifiedFrom)
    this.current = this.behind ? 'behind' : 'sending'
    return !this.behind
  }

  private async compareWithLog(generation: number, lastId: number): Promise<OutboxBehindLogError | undefined> {
    const { log, service, logger } = this.options
    const seen = await sentSequences(log, service)
    const sent = seen.get(generation) ?? 0
    if (sent <= lastId && Math.max(generation, ...seen.keys()) === generation) {
      await this.lease.verified()
      return undefined
    }
    const fault = new OutboxBehindLogError(service, generation, { generations: [...seen.keys()], sent, lastId })
    logger.error({ err: fault }, 'outbox relay stops until its generation is raised')
    return fault
  }

  private async send(waiting: readonly WaitingRecord[]): Promise<void> {
    const records = waiting.map(({ record }) => record)
    const spans = RecordSpans.ofSending(this.options.tracing ?? noTracing, records)
    try {
      await this.options.log.append(records)
    } catch (fault) {
      if (fault instanceof AppendError) await this.forget(confirmed(waiting, new Set(fault.unconfirmed)))
      throw fault
    }
    spans?.end()
    await this.forget(waiting)
  }

  private async forget(sent: readonly WaitingRecord[]): Promise<void> {
    await this.store.delete(sent.map(({ id }) => id))
    for (const { record } of sent) this.sent?.inc({ topic: record.topic })
  }
}

/** What comes before the first unconfirmed record of its partition: a record behind it must not go without it. */
const confirmed = (
  waiting: readonly WaitingRecord[],
  unconfirmed: ReadonlySet<AppendRecord>,
): readonly WaitingRecord[] => {
  const open = new Set<string>()
  return waiting.filter(({ record }) => {
    const partition = `${record.topic}/${record.partition}`
    if (unconfirmed.has(record)) open.add(partition)
    return !open.has(partition)
  })
}
