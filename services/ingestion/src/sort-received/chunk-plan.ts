import { topics, TRACEPARENT_HEADER } from '@banso/contracts'
import { type AppendRecord, partitionOf } from '@banso/messaging'
import { attribute } from '../domain/attribution.ts'
import { emit } from '../domain/emission.ts'
import type { DataKey, Resolution } from '../domain/emitted.ts'
import type { RawPosition } from '../domain/sealing.ts'
import { type KnownPerson, type Membership, type NewPerson, personKey } from '../store/identities.ts'
import type { EventName, Receipt } from '../store/receipts.ts'
import { type Entry, nameKey } from './entry.ts'
import { type Known, namedAccountOf } from './known.ts'
import { outputRecord } from './output.ts'

/** What chance decides: kept in the database, never computed twice. */
export interface Maker {
  personId(): string
  dataKey(): DataKey
}

export interface Held {
  readonly entry: Entry
  readonly reason: string
}

/** The event's own contract refuses what would be emitted. */
const UNPROCESSABLE = 'UNPROCESSABLE'

const samePlace = (a: RawPosition, b: RawPosition): boolean =>
  a.offset === b.offset && a.partition === b.partition && a.logId === b.logId

/**
 * Sorts the events of a chunk, one after the other: which are new, which repeat, whom they are about, what becomes of
 * them. Collects what is to be written; writes nothing itself.
 */
export class ChunkPlan {
  readonly outputs: AppendRecord[] = []
  readonly persons: NewPerson[] = []
  readonly newKeys = new Map<string, DataKey>()
  readonly memberships: Membership[] = []
  /** By `nameKey`; `from`: where the row stands that this one takes over. */
  readonly receipts = new Map<string, { receipt: Receipt; from?: RawPosition }>()
  /** By `nameKey`. */
  readonly held = new Map<string, Held>()
  readonly released = new Map<string, EventName>()
  readonly repeats: EventName[] = []
  readonly #persons: Map<string, KnownPerson>
  readonly #dataKeys: Map<string, DataKey>

  constructor(
    private readonly known: Known,
    private readonly make: Maker,
    private readonly now: Date,
  ) {
    this.#persons = new Map(known.persons)
    this.#dataKeys = new Map(known.dataKeys)
  }

  take(entry: Entry): void {
    const before = this.receipts.get(nameKey(entry))?.receipt ?? this.known.receipts.get(nameKey(entry))
    if (!before) this.#sort(entry)
    else if (samePlace(before.at, entry.at)) this.#sortAgain(entry, before)
    else if (takesOver(entry, before)) this.#sort(entry, before)
    else if (!entry.redriven) this.repeats.push(entry)
  }

  /** Our own work, done again: nothing is looked up anew. */
  #sortAgain(entry: Entry, receipt: Receipt): void {
    const outputs = this.#outputs(entry, receipt, receipt.partition)
    if (outputs) this.outputs.push(...outputs)
    else this.#keep(entry, rejected, UNPROCESSABLE, receipt)
  }

  #sort(entry: Entry, before?: Receipt): void {
    const decided = this.#resolve(entry)
    if ('quarantine' in decided) return this.#keep(entry, quarantined, decided.quarantine, before)
    const { resolution, madeKeys } = decided
    for (const [subject, dataKey] of madeKeys) this.#dataKeys.set(subject, dataKey)
    const outputs = this.#outputs(entry, resolution, partitionOfAccount(resolution))
    if (!outputs) {
      for (const [subject] of madeKeys) this.#dataKeys.delete(subject)
      return this.#keep(entry, rejected, UNPROCESSABLE, before)
    }
    this.outputs.push(...outputs)
    for (const [subject, dataKey] of madeKeys) this.newKeys.set(subject, dataKey)
    this.#learn(entry, resolution)
    return this.#keep(entry, resolution, null, before)
  }

  #resolve(entry: Entry): { resolution: Resolution; madeKeys: [string, DataKey][] } | { quarantine: string } {
    const { claim, received } = entry
    if (received.type === 'ingestion.segment-call-received.v1' && received.data.call.type === 'alias')
      return { resolution: { ...quarantined, state: 'accepted' }, madeKeys: [] }
    const person = claim.person && this.#persons.get(personKey(claim.person))
    const attributed = attribute(claim, namedAccountOf(entry), person && [...person.accounts])
    if ('quarantine' in attributed) return attributed
    const { accountId } = attributed
    const madePerson = claim.person && !person ? this.make.personId() : undefined
    const accountKeyMade = claim.sealsForAccount && !this.#dataKeys.has(accountId)
    const subjects = [...(madePerson === undefined ? [] : [madePerson]), ...(accountKeyMade ? [accountId] : [])]
    return {
      resolution: {
        state: 'accepted',
        accountId,
        personId: madePerson ?? person?.id ?? null,
        personMade: madePerson !== undefined,
        accountKeyMade,
      },
      madeKeys: subjects.map((subject) => [subject, this.make.dataKey()]),
    }
  }

  /** Undefined when the event cannot be emitted. What is wrong with it may quote it, and is not passed on. */
  #outputs(
    { received, at, record }: Entry,
    resolution: Resolution,
    partition: number | null,
  ): AppendRecord[] | undefined {
    try {
      const emitted = emit({ received, at, resolution, dataKeys: this.#dataKeys })
      return emitted.map((event) => outputRecord(event, at, partition, record.headers[TRACEPARENT_HEADER]))
    } catch {
      return undefined
    }
  }

  #learn({ claim }: Entry, { personId, accountId, personMade }: Resolution): void {
    if (!claim.person || personId === null || accountId === null) return
    const known = this.#persons.get(personKey(claim.person))?.accounts ?? new Set<string>()
    if (personMade) this.persons.push({ ...claim.person, id: personId })
    const joins = claim.joins && !known.has(accountId)
    if (joins) this.memberships.push({ personId, accountId })
    this.#persons.set(personKey(claim.person), {
      id: personId,
      accounts: joins ? new Set([...known, accountId]) : known,
    })
  }

  #keep(entry: Entry, resolution: Resolution, reason: string | null, before: Receipt | undefined): void {
    const { source, messageId, at, received } = entry
    const key = nameKey(entry)
    const from = this.receipts.has(key) ? this.receipts.get(key)?.from : before?.at
    const receipt = {
      source,
      messageId,
      at,
      reason,
      ...resolution,
      partition: partitionOfAccount(resolution),
      receivedAt: new Date(received.data.receivedAt),
      sortedAt: this.now,
    }
    this.receipts.set(key, { receipt, ...(from && { from }) })
    this.held.delete(key)
    if (reason !== null) this.held.set(key, { entry, reason })
    else if (before || entry.redriven) this.released.set(key, { source, messageId })
  }
}

const nobody = { accountId: null, personId: null, personMade: false, accountKeyMade: false }
const quarantined: Resolution = { ...nobody, state: 'quarantined' }
const rejected: Resolution = { ...nobody, state: 'rejected' }

const takesOver = (entry: Entry, before: Receipt): boolean =>
  before.state === 'rejected' || (entry.redriven && before.state === 'quarantined')

// Topics keyed by account have the same number of partitions.
const partitionOfAccount = ({ accountId }: Resolution): number | null =>
  accountId === null ? null : partitionOf(topics.usageEvents.name, accountId)
