import { BansoError, makeDataKey, type MasterKey } from '@banso/platform'
import { v7 } from 'uuid'
import type { DataSource, EntityManager } from 'typeorm'
import { emittedEventId } from '../domain/account-id.ts'
import { writerOf } from '../domain/emitted.ts'
import { sealRecord } from '../domain/record-copy.ts'
import { identities } from '../store/identities.ts'
import { quarantine, type QuarantinedEvent } from '../store/quarantine.ts'
import { receipts } from '../store/receipts.ts'
import { ChunkPlan, type Maker } from './chunk-plan.ts'
import type { Entry, UndecodableEntry } from './entry.ts'
import { dataKeyOf, readKnown } from './known.ts'

const MAX_ATTEMPTS = 5
const UNDECODABLE = 'UNDECODABLE'

/** Another sorter wrote rows that this chunk was about to write: everything is undone, and looked up again. */
export class OvertakenError extends BansoError {
  override readonly code = 'SORTER_OVERTAKEN'
}

/** Receipts, identity and quarantine of a chunk: everything that decides what is emitted, in one transaction. */
export class ChunkSorter {
  readonly #make: Maker

  constructor(
    private readonly database: DataSource,
    private readonly masterKey: MasterKey,
    personId: () => string,
  ) {
    this.#make = { personId, dataKey: () => dataKeyOf(masterKey, masterKey.wrap(makeDataKey())) }
  }

  /** Runs `work` in a transaction; again, when another sorter was first. */
  async inTransaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.database.transaction(work)
      } catch (fault) {
        if (!(fault instanceof OvertakenError) || attempt >= MAX_ATTEMPTS) throw fault
      }
    }
  }

  async sort(tx: EntityManager, all: readonly (Entry | UndecodableEntry)[], now: Date): Promise<ChunkPlan> {
    const entries = all.filter((entry) => 'received' in entry)
    const plan = new ChunkPlan(await readKnown(tx, entries, this.masterKey), this.#make, now)
    for (const entry of entries) plan.take(entry)
    await writeIdentity(tx, plan)
    await writeReceipts(tx, plan)
    if (plan.released.size > 0) await quarantine.release(tx, [...plan.released.values()])
    const held = [
      ...[...plan.held.values()].map(({ entry, reason }) => this.#heldEvent(entry, reason)),
      ...all.filter((entry) => 'undecodable' in entry).map((entry) => this.#undecodableEvent(entry)),
    ]
    if (held.length > 0) await quarantine.put(tx, held, now)
    return plan
  }

  #heldEvent({ record, source, messageId, received }: Entry, reason: string): QuarantinedEvent {
    return { id: v7(), source, messageId, type: received.type, reason, record: sealRecord(this.masterKey, record) }
  }

  // Its own names are not to be trusted: it is named after its place.
  #undecodableEvent({ record, at }: UndecodableEntry): QuarantinedEvent {
    const messageId = `${at.logId}/${at.partition}/${at.offset}`
    const sealed = sealRecord(this.masterKey, record)
    const id = emittedEventId(writerOf(at), at.offset)
    return { id, source: '', messageId, type: UNDECODABLE, reason: UNDECODABLE, record: sealed }
  }
}

const writeIdentity = async (tx: EntityManager, { persons, newKeys, memberships }: ChunkPlan): Promise<void> => {
  if (persons.length > 0) expectAll(await identities.insertPersons(tx, persons), persons.length)
  const keys = [...newKeys].map(([subject, { wrapped }]) => ({ subject, wrapped: Buffer.from(wrapped, 'base64') }))
  if (keys.length > 0) expectAll(await identities.insertKeys(tx, keys), keys.length)
  if (memberships.length > 0) await identities.insertMemberships(tx, memberships)
}

const writeReceipts = async (tx: EntityManager, plan: ChunkPlan): Promise<void> => {
  const all = [...plan.receipts.values()]
  const fresh = all.flatMap(({ receipt, from }) => (from ? [] : [receipt]))
  const moved = all.flatMap(({ receipt, from }) => (from ? [{ receipt, from }] : []))
  if (fresh.length > 0) expectAll(await receipts.insert(tx, fresh), fresh.length)
  if (moved.length > 0) expectAll(await receipts.move(tx, moved), moved.length)
}

const expectAll = (written: number, planned: number): void => {
  if (written !== planned) throw new OvertakenError(`${planned - written} of ${planned} rows are another sorter's`)
}
