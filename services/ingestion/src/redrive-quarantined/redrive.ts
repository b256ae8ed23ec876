import { REDRIVE_HEADER, topics, TRACEPARENT_HEADER } from '@banso/contracts'
import { type AppendRecord, type EventLog, partitionOf } from '@banso/messaging'
import type { Clock, MasterKey, Tracing } from '@banso/platform'
import type { DataSource } from 'typeorm'
import { openRecord } from '../domain/record-copy.ts'
import { quarantine, type QuarantineFilter } from '../store/quarantine.ts'

const PER_APPEND = 200
/** What has not come back by then never went out: a process died in between. Milliseconds. */
const LOST_AFTER_MS = 3_600_000

export interface RedriveRequest {
  /** Undefined: all. */
  readonly ids?: readonly string[] | undefined
  readonly reason?: string | undefined
  readonly max?: number | undefined
}

export interface RedriveParts {
  readonly database: DataSource
  readonly log: Pick<EventLog, 'append'>
  readonly masterKey: MasterKey
  readonly clock: Clock
  readonly tracing: Tracing
}

/** Sends quarantined events through the raw log again; the sorter moves their receipts to the new place. */
export class Redrive {
  constructor(private readonly parts: RedriveParts) {}

  /** How many were sent, oldest first. What is on its way already is left alone. */
  async run({ ids, reason, max = Number.POSITIVE_INFINITY }: RedriveRequest): Promise<number> {
    const { manager } = this.parts.database
    const now = this.parts.clock.now()
    const lostBefore = new Date(now.getTime() - LOST_AFTER_MS)
    let redriven = 0
    let after: QuarantineFilter['after']
    for (;;) {
      const limit = Math.min(PER_APPEND, max - redriven)
      const events = limit > 0 ? await quarantine.records(manager, { ids, reason, after, limit }, lostBefore) : []
      const last = events.at(-1)
      if (!last) return redriven
      await this.#send(events, now)
      redriven += events.length
      after = { quarantinedAt: last.quarantinedAt.toISOString(), id: last.id }
    }
  }

  // Noted first: the sorter, which takes the note away from what comes back, may be faster than we are.
  async #send(events: readonly { id: string; record: Buffer }[], now: Date): Promise<void> {
    const ids = events.map(({ id }) => id)
    await quarantine.noteRedriven(this.parts.database.manager, ids, now)
    try {
      await this.parts.log.append(events.map(({ id, record }) => this.#recordOf(id, record)))
    } catch (fault) {
      await quarantine.noteRedriven(this.parts.database.manager, ids, null)
      throw fault
    }
  }

  #recordOf(id: string, sealed: Buffer): AppendRecord {
    const { masterKey, tracing } = this.parts
    const { key, value, headers: before } = openRecord(masterKey, sealed)
    const { [TRACEPARENT_HEADER]: _, ...headers } = before
    const topic = topics.received.name
    const traced = tracing.active === undefined ? {} : { [TRACEPARENT_HEADER]: tracing.active }
    return {
      topic,
      partition: partitionOf(topic, key),
      key,
      value,
      headers: { ...headers, ...traced, [REDRIVE_HEADER]: id },
    }
  }
}
