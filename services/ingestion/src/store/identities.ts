import type { EntityManager } from 'typeorm'
import type { PersonName } from '../domain/attribution.ts'

export interface KnownPerson {
  readonly id: string
  /** By earlier `group` calls. */
  readonly accounts: ReadonlySet<string>
}

export interface NewPerson extends PersonName {
  readonly id: string
}

export interface Membership {
  readonly personId: string
  readonly accountId: string
}

export interface WrappedKey {
  readonly subject: string
  readonly wrapped: Buffer
}

interface PersonRow {
  namespace: string
  kind: PersonName['kind']
  external_id: string
  id: string
  accounts: string[]
}

/** Names a person in a map: namespaces hold no `/`. */
export const personKey = ({ namespace, kind, externalId }: PersonName): string => `${namespace}/${kind}/${externalId}`

/** Statements on persons, the accounts they belong to, and data keys; rows are always inserted in key order. */
export const identities = {
  /** By `personKey`. */
  async findPersons(tx: EntityManager, names: readonly PersonName[]): Promise<Map<string, KnownPerson>> {
    const rows = await tx.query<PersonRow[]>(
      `SELECT asked.namespace, asked.kind, asked.external_id, known.id, known.accounts
       FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (namespace, kind, external_id)
       CROSS JOIN LATERAL (
         SELECT id, coalesce(
           (SELECT array_agg(account_id::text ORDER BY account_id) FROM person_account WHERE person_id = person.id), '{}'
         ) AS accounts
         FROM person
         WHERE person.namespace = asked.namespace AND person.kind = asked.kind AND person.external_id = asked.external_id
         OFFSET 0) AS known`,
      [names.map((name) => name.namespace), names.map((name) => name.kind), names.map((name) => name.externalId)],
    )
    return new Map(
      rows.map(({ external_id: externalId, accounts, id, ...row }) => [
        personKey({ ...row, externalId }),
        { id, accounts: new Set(accounts) },
      ]),
    )
  },

  /** How many were inserted: fewer than given when another sorter was first. */
  async insertPersons(tx: EntityManager, persons: readonly NewPerson[]): Promise<number> {
    const rows = await tx.query<unknown[]>(
      `INSERT INTO person (id, namespace, kind, external_id)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS made (id, namespace, kind, external_id)
       ORDER BY namespace, kind, external_id
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        persons.map((person) => person.id),
        persons.map((person) => person.namespace),
        persons.map((person) => person.kind),
        persons.map((person) => person.externalId),
      ],
    )
    return rows.length
  },

  async insertMemberships(tx: EntityManager, memberships: readonly Membership[]): Promise<void> {
    await tx.query(
      `INSERT INTO person_account (person_id, account_id)
       SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS joined (person_id, account_id) ORDER BY person_id, account_id
       ON CONFLICT DO NOTHING`,
      [memberships.map(({ personId }) => personId), memberships.map(({ accountId }) => accountId)],
    )
  },

  async findKeys(tx: EntityManager, subjects: readonly string[]): Promise<WrappedKey[]> {
    return tx.query<WrappedKey[]>(
      'SELECT subject, wrapped_key AS wrapped FROM data_key WHERE subject = ANY($1::uuid[])',
      [subjects],
    )
  },

  /** Any of the keys there are: what a new master key is tried on. */
  async anyKey(tx: EntityManager): Promise<WrappedKey | undefined> {
    const [row] = await tx.query<WrappedKey[]>('SELECT subject, wrapped_key AS wrapped FROM data_key LIMIT 1')
    return row
  },

  /** As `insertPersons`. */
  async insertKeys(tx: EntityManager, keys: readonly WrappedKey[]): Promise<number> {
    const rows = await tx.query<unknown[]>(
      `INSERT INTO data_key (subject, wrapped_key)
       SELECT * FROM unnest($1::uuid[], $2::bytea[]) AS made (subject, wrapped_key) ORDER BY subject
       ON CONFLICT DO NOTHING RETURNING 1`,
      [keys.map(({ subject }) => subject), keys.map(({ wrapped }) => wrapped)],
    )
    return rows.length
  },
}
