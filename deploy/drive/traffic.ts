// A steady stream of usage events over many accounts, a share of them sent twice, and the exact count of what was accepted.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Capture, SegmentEvent } from './capture.ts'
import { seeded } from './random.ts'

export interface TrafficOptions {
  readonly eventsPerSecond: number
  readonly accounts: number
  readonly usersPerAccount: number
  /** Share of events that are sent a second time under their messageId. */
  readonly repeated: number
  readonly seed: number
}

const TICK_MS = 50
const NAMES = ['Report Created', 'Report Shared', 'Dashboard Viewed', 'Export Finished', 'Invite Sent', 'Search Done']
/** Repeats are picked from this many of the newest accepted events. */
const MEMORY = 5000

const WINDOW_SECONDS = 10

/** The lowest pace over any ten seconds of sums, one for each second; undefined for less than ten. */
export const lowestPace = (sums: readonly number[]): number | undefined => {
  const paces = sums.slice(WINDOW_SECONDS).map((sum, at) => (sum - (sums[at] ?? 0)) / WINDOW_SECONDS)
  return paces.length > 0 ? Math.min(...paces) : undefined
}

export class Traffic {
  readonly #capture: Capture
  readonly #options: TrafficOptions
  readonly #random: () => number
  readonly #accepted = new Map<string, number>()
  readonly #recent: SegmentEvent[] = []
  readonly #underWay = new Set<Promise<void>>()
  #running: Promise<void> | undefined
  #stopped = false
  /** Distinct events accepted so far, and how many requests repeated one. */
  accepted = 0
  repeats = 0
  offered = 0
  #seconds = 0
  /** Offered up to each whole second. */
  readonly #offeredBy: number[] = []
  failure: unknown

  constructor(capture: Capture, options: TrafficOptions) {
    this.#capture = capture
    this.#options = options
    this.#random = seeded(options.seed)
  }

  /** `account|day|event` → how many distinct events were accepted. */
  get facts(): ReadonlyMap<string, number> {
    return this.#accepted
  }

  /** Distinct events offered per second while it ran. */
  get offeredPerSecond(): number {
    return this.offered / this.#seconds
  }

  /** The least that was offered per second over any ten seconds while it ran; of a shorter run, over the whole of it. */
  get lowestPerSecond(): number {
    return lowestPace(this.#offeredBy) ?? this.offeredPerSecond
  }

  account(index: number): string {
    return `load-${this.#options.seed}-${index}`
  }

  /** One event of each account under a known messageId (`first-<account>`), by whose receipt its id can be told. */
  async introduce(): Promise<void> {
    const batch = Array.from({ length: this.#options.accounts }, (_, index) => ({
      ...this.#event(),
      messageId: `first-${this.account(index)}`,
      userId: `${this.account(index)}-u0`,
      context: { groupId: this.account(index) },
    }))
    await this.#capture.send(batch)
    this.#count(batch, 0)
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Resolves when everything offered is answered. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
    await Promise.all(this.#underWay)
    if (this.failure) throw this.failure
  }

  async #run(): Promise<void> {
    const started = Date.now()
    while (!this.#stopped && !this.failure) {
      this.#seconds = (Date.now() - started) / 1000
      const due = Math.floor(this.#seconds * this.#options.eventsPerSecond) - this.offered
      if (due > 0) this.#offer(Math.min(due, 500))
      while (this.#offeredBy.length < this.#seconds) this.#offeredBy.push(this.offered)
      await sleep(TICK_MS)
    }
  }

  #offer(count: number): void {
    const fresh = Array.from({ length: count }, () => this.#event())
    const again = fresh.flatMap(() => {
      const event = this.#random() < this.#options.repeated ? this.#pick(this.#recent) : undefined
      return event ? [event] : []
    })
    this.offered += fresh.length
    const sending = this.#capture
      .send([...fresh, ...again])
      .then(() => this.#count(fresh, again.length))
      .catch((fault: unknown) => {
        this.failure ??= fault
      })
      .finally(() => this.#underWay.delete(sending))
    this.#underWay.add(sending)
  }

  #count(fresh: readonly SegmentEvent[], repeats: number): void {
    this.accepted += fresh.length
    this.repeats += repeats
    for (const event of fresh) {
      const key = `${event.context.groupId}|${event.timestamp.slice(0, 10)}|${event.event}`
      this.#accepted.set(key, (this.#accepted.get(key) ?? 0) + 1)
      if (this.#recent.length < MEMORY) this.#recent.push(event)
      else this.#recent[Math.floor(this.#random() * MEMORY)] = event
    }
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#random() * from.length)]
  }

  #event(): SegmentEvent {
    const account = this.account(Math.floor(this.#random() * this.#options.accounts))
    return {
      type: 'track',
      messageId: randomUUID(),
      userId: `${account}-u${Math.floor(this.#random() * this.#options.usersPerAccount)}`,
      event: this.#pick(NAMES) ?? '',
      timestamp: new Date().toISOString(),
      context: { groupId: account },
    }
  }
}
