import type { MasterKey } from '@banso/platform'
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { EntityManager } from 'typeorm'
import { accountIdOf } from '../domain/account-id.ts'
import type { DataKey } from '../domain/emitted.ts'
import { identities, type KnownPerson } from '../store/identities.ts'
import { type Receipt, receipts } from '../store/receipts.ts'
import { type Entry, nameKey } from './entry.ts'

/** What the database knows of the events of a chunk, before any of them is sorted. */
export interface Known {
  /** By `nameKey`. */
  readonly receipts: ReadonlyMap<string, Receipt>
  /** By `personKey`. */
  readonly persons: ReadonlyMap<string, KnownPerson>
  /** By subject. */
  readonly dataKeys: ReadonlyMap<string, DataKey>
}

/** A key as stored; unwrapped only when something is sealed with it. */
export const dataKeyOf = (masterKey: MasterKey, wrapped: Buffer): DataKey => {
  let key: KeyObject | undefined
  return {
    wrapped: wrapped.toString('base64'),
    get key() {
      key ??= createSecretKey(masterKey.unwrap(wrapped))
      return key
    },
  }
}

/** The account that an event names itself. */
export const namedAccountOf = ({ claim, received }: Entry): string | undefined =>
  claim.accountExternalId === undefined ? undefined : accountIdOf(received.data.namespace, claim.accountExternalId)

/** Three statements, however many entries. */
export const readKnown = async (tx: EntityManager, entries: readonly Entry[], masterKey: MasterKey): Promise<Known> => {
  const found = await receipts.find(tx, entries)
  const persons = await identities.findPersons(
    tx,
    entries.flatMap(({ claim }) => claim.person ?? []),
  )
  const subjects = [
    ...found.flatMap(({ personId, accountId }) => [personId, accountId]),
    ...[...persons.values()].map(({ id }) => id),
    ...entries.map((entry) => (entry.claim.sealsForAccount ? namedAccountOf(entry) : undefined)),
  ]
  const keys = await identities.findKeys(tx, [...new Set(subjects.filter((subject) => typeof subject === 'string'))])
  return {
    receipts: new Map(found.map((receipt) => [nameKey(receipt), receipt])),
    persons,
    dataKeys: new Map(keys.map(({ subject, wrapped }) => [subject, dataKeyOf(masterKey, wrapped)])),
  }
}
