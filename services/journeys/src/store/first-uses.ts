// Who did what first: what activation is made of.
import type { EntityManager } from 'typeorm'
import type { FirstUse } from '../domain/activation.ts'
import { MOST_USERS } from '../domain/journey.ts'

export interface Use extends FirstUse {
  readonly accountId: string
}

const isEarlier = (a: Use, b: Use): boolean => (a.at === b.at ? a.id < b.id : a.at < b.at)

/** Keeps the first use of each name by each person; gives the accounts of which one is new or earlier. */
export const addFirstUses = async (tx: EntityManager, uses: readonly Use[]): Promise<ReadonlySet<string>> => {
  const first = new Map<string, Use>()
  for (const use of uses) {
    const key = `${use.accountId} ${use.personId} ${use.name}`
    const known = first.get(key)
    if (known === undefined || isEarlier(use, known)) first.set(key, use)
  }
  if (first.size === 0) return new Set()
  const column = <V>(of: (use: Use) => V): V[] => [...first.values()].map(of)
  const rows = await tx.query<{ account_id: string }[]>(
    `INSERT INTO first_use (account_id, name, person_id, at, event_id, received_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::timestamptz[])
     ON CONFLICT (account_id, name, person_id) DO UPDATE SET
       at = excluded.at, event_id = excluded.event_id, received_at = excluded.received_at
     WHERE (excluded.at, excluded.event_id) < (first_use.at, first_use.event_id)
     RETURNING account_id`,
    [
      column(({ accountId }) => accountId),
      column(({ name }) => name),
      column(({ personId }) => personId),
      column(({ at }) => at),
      column(({ id }) => id),
      column(({ receivedAt }) => receivedAt),
    ],
  )
  return new Set(rows.map(({ account_id }) => account_id))
}

interface Row {
  readonly account_id: string
  readonly name: string
  readonly person_id: string
  readonly at: Date
  readonly event_id: string
  readonly received_at: Date
}

/** Of each name the first people to use it, as many as a rule can ask for: more say nothing of when it was reached. */
export const readFirstUses = async (
  tx: EntityManager,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, readonly FirstUse[]>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await tx.query<Row[]>(
    `SELECT account_id, name, person_id, at, event_id, received_at
     FROM (SELECT *, row_number() OVER (PARTITION BY account_id, name ORDER BY at, event_id) AS place
           FROM first_use WHERE account_id = ANY($1::uuid[])) AS placed
     WHERE place <= ${MOST_USERS}`,
    [accountIds],
  )
  const uses = rows.map((row) => ({
    accountId: row.account_id,
    name: row.name,
    personId: row.person_id,
    id: row.event_id,
    at: row.at.toISOString(),
    receivedAt: row.received_at.toISOString(),
  }))
  return Map.groupBy(uses, ({ accountId }) => accountId)
}
