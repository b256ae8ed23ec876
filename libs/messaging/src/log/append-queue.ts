import { AppendError } from './errors.ts'
import type { AppendRecord } from './event-log.ts'
import { recordBytes } from './record-size.ts'

/** Writes one round; resolves with what is not confirmed (nothing: all is durable). May reject: nothing is confirmed. */
export type SendRound = (records: readonly AppendRecord[]) => Promise<Unconfirmed>
export interface Unconfirmed {
  readonly records: readonly AppendRecord[]
  readonly cause?: unknown
}

interface Ticket {
  missing: number
  readonly unconfirmed: AppendRecord[]
  cause?: unknown
  readonly settle: (fault?: AppendError) => void
}

interface Waiting {
  readonly record: AppendRecord
  readonly ticket: Ticket
}

const shardOf = ({ topic, partition }: AppendRecord): string => `${topic}/${partition}`

/** Most bytes of one partition in one round. */
export const ROUND_BYTES_PER_PARTITION = 450_000

/**
 * Makes concurrent appends share rounds: one round is in flight, what arrives meanwhile is the next one. Records keep
 * the order in which they were given, per partition and over all appends of this queue.
 */
export class AppendQueue {
  readonly #send: SendRound
  #waiting: Waiting[] = []
  #draining: Promise<void> | undefined

  constructor(send: SendRound) {
    this.#send = send
  }

  append(records: readonly AppendRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const settle = (fault?: AppendError) => (fault ? reject(fault) : resolve())
      const ticket: Ticket = { missing: records.length, unconfirmed: [], settle }
      for (const record of records) this.#waiting.push({ record, ticket })
      this.#draining ??= this.#drain()
    })
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#draining
  }

  async #drain(): Promise<void> {
    // Let the callers of this turn of the event loop join the first round.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const round = this.#waiting.splice(0, this.#roundLength())
      const unconfirmed = await this.#attempt(round.map(({ record }) => record))
      const open = new Set(unconfirmed.records)
      for (const { record, ticket } of round)
        settleOne(ticket, open.has(record) ? record : undefined, unconfirmed.cause)
      if (open.size > 0)
        this.#giveUpBehind(
          round.filter(({ record }) => open.has(record)),
          unconfirmed.cause,
        )
    }
    this.#draining = undefined
  }

  /** What an append has in later rounds must not go without what it has before in the same partition. */
  #giveUpBehind(failed: readonly Waiting[], cause: unknown): void {
    const broken = new Map<Ticket, Set<string>>()
    for (const { record, ticket } of failed) broken.set(ticket, (broken.get(ticket) ?? new Set()).add(shardOf(record)))
    const isBehind = ({ record, ticket }: Waiting) => broken.get(ticket)?.has(shardOf(record)) ?? false
    const behind = this.#waiting.filter(isBehind)
    this.#waiting = this.#waiting.filter((one) => !isBehind(one))
    for (const { record, ticket } of behind) settleOne(ticket, record, cause)
  }

  async #attempt(records: readonly AppendRecord[]): Promise<Unconfirmed> {
    try {
      return await this.#send(records)
    } catch (cause) {
      return { records, cause }
    }
  }

  #roundLength(): number {
    const bytes = new Map<string, number>()
    let length = 0
    for (const { record } of this.#waiting) {
      const shard = shardOf(record)
      const before = bytes.get(shard) ?? 0
      const after = before + recordBytes(record)
      if (before > 0 && after > ROUND_BYTES_PER_PARTITION) break
      bytes.set(shard, after)
      length += 1
    }
    return length
  }
}

const settleOne = (ticket: Ticket, unconfirmed: AppendRecord | undefined, cause: unknown): void => {
  ticket.missing -= 1
  if (unconfirmed) {
    ticket.unconfirmed.push(unconfirmed)
    ticket.cause = cause
  }
  if (ticket.missing > 0) return
  if (ticket.unconfirmed.length === 0) ticket.settle()
  else ticket.settle(new AppendError(ticket.unconfirmed, { cause: ticket.cause }))
}
