// The facts of usage. Whatever the number of events, it takes three statements to add them.
import type { ProductUsed } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { Day } from '../domain/calendar.ts'
import type { DayFacts, DayUse, NameGap } from '../domain/fold-activity.ts'
import { EPOCH } from './epoch.ts'

/** One event of usage. */
export interface Use {
  readonly accountId: string
  readonly personId: string
  readonly kind: ProductUsed['kind']
  readonly name: string
  readonly day: Day
  readonly knownOn: Day
}

/** Adds the uses and gives, per account, what became new on which day, in the order of days. */
export const addUses = async (
  tx: EntityManager,
  uses: readonly Use[],
): Promise<ReadonlyMap<string, readonly DayUse[]>> => {
  const persons = await newPersonDays(tx, uses)
  const names = await newNameDays(tx, uses)
  await upsertFacts(tx, uses)
  return dayUses(persons, names)
}

const distinct = <T>(all: readonly T[], keyOf: (one: T) => string): T[] => [
  ...new Map(all.map((one) => [keyOf(one), one])).values(),
]

// A sub-select with LIMIT is looked up in the index row by row, whatever the planner thinks of the table's size.
const newPersonDays = async (tx: EntityManager, uses: readonly Use[]): Promise<Use[]> => {
  const asked = distinct(uses, ({ accountId, personId, day }) => `${accountId} ${day} ${personId}`)
  const rows = await tx.query<{ place: number }[]>(
    `SELECT place::int FROM unnest($1::uuid[], $2::int[], $3::uuid[])
       WITH ORDINALITY AS asked (account_id, day, person_id, place)
     WHERE (SELECT 1 FROM usage_fact AS fact
            WHERE fact.account_id = asked.account_id AND fact.day = ${EPOCH} + asked.day
              AND fact.person_id = asked.person_id LIMIT 1) IS NULL`,
    [asked.map(({ accountId }) => accountId), asked.map(({ day }) => day), asked.map(({ personId }) => personId)],
  )
  return rows.flatMap(({ place }) => asked[place - 1] ?? [])
}

interface NewName extends NameGap {
  readonly accountId: string
  readonly day: Day
}

const nearest = (aggregate: 'max' | 'min', than: '<=' | '>'): string => `(
  SELECT ${aggregate}(fact.day) FROM usage_fact AS fact
  WHERE fact.kind = 'track' AND fact.account_id = asked.account_id AND fact.name = asked.name
    AND fact.day ${than} ${EPOCH} + asked.day) - ${EPOCH}`

const newNameDays = async (tx: EntityManager, uses: readonly Use[]): Promise<NewName[]> => {
  const tracks = uses.filter(({ kind }) => kind === 'track')
  const asked = distinct(tracks, ({ accountId, day, name }) => `${accountId} ${day} ${name}`)
  if (asked.length === 0) return []
  const rows = await tx.query<{ previous: Day | null; next: Day | null }[]>(
    `SELECT ${nearest('max', '<=')} AS previous, ${nearest('min', '>')} AS next
     FROM unnest($1::uuid[], $2::text[], $3::int[]) WITH ORDINALITY AS asked (account_id, name, day, place)
     ORDER BY place`,
    [asked.map(({ accountId }) => accountId), asked.map(({ name }) => name), asked.map(({ day }) => day)],
  )
  const found = asked.map((use, index) => ({ ...use, previous: null, next: null, ...rows[index] }))
  return chained(found.filter(({ day, previous }) => previous !== day))
}

// Days that are new together come one after another: each is the one before for the next.
const chained = (found: readonly (NewName & { readonly name: string })[]): NewName[] => {
  const latest = new Map<string, Day>()
  return found
    .toSorted((a, b) => a.day - b.day)
    .map(({ accountId, name, day, previous, next }) => {
      const key = `${accountId} ${name}`
      const before = latest.get(key)
      latest.set(key, day)
      return { accountId, day, previous: before === undefined ? previous : Math.max(before, previous ?? before), next }
    })
}

const upsertFacts = async (tx: EntityManager, uses: readonly Use[]): Promise<void> => {
  const facts = new Map<string, Use & { count: number }>()
  for (const use of uses) {
    const key = `${use.accountId} ${use.day} ${use.personId} ${use.kind} ${use.knownOn} ${use.name}`
    const fact = facts.get(key)
    if (fact) fact.count += 1
    else facts.set(key, { ...use, count: 1 })
  }
  const column = <V>(of: (fact: Use & { count: number }) => V): V[] => [...facts.values()].map(of)
  await tx.query(
    `INSERT INTO usage_fact (account_id, day, person_id, kind, name, known_on, count)
     SELECT account_id, ${EPOCH} + day, person_id, kind, name, ${EPOCH} + known_on, count
     FROM unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::int[])
       AS heard (account_id, day, person_id, kind, name, known_on, count)
     ON CONFLICT (account_id, day, person_id, kind, name, known_on)
     DO UPDATE SET count = usage_fact.count + excluded.count`,
    [
      column(({ accountId }) => accountId),
      column(({ day }) => day),
      column(({ personId }) => personId),
      column(({ kind }) => kind),
      column(({ name }) => name),
      column(({ knownOn }) => knownOn),
      column(({ count }) => count),
    ],
  )
}

const dayUses = (persons: readonly Use[], names: readonly NewName[]): ReadonlyMap<string, readonly DayUse[]> => {
  const accounts = new Map<string, Map<Day, { day: Day; persons: number; names: NameGap[] }>>()
  const on = (accountId: string, day: Day): { persons: number; names: NameGap[] } => {
    const days = accounts.get(accountId) ?? new Map<Day, { day: Day; persons: number; names: NameGap[] }>()
    const use = days.get(day) ?? { day, persons: 0, names: [] }
    accounts.set(accountId, days.set(day, use))
    return use
  }
  for (const { accountId, day } of persons) on(accountId, day).persons += 1
  for (const { accountId, day, previous, next } of names) on(accountId, day).names.push({ previous, next })
  return new Map(
    [...accounts].map(([accountId, days]) => [accountId, [...days.values()].toSorted((a, b) => a.day - b.day)]),
  )
}

/** All facts of these accounts, by day and in their order. */
export const readDays = async (
  tx: EntityManager,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, readonly DayFacts[]>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await tx.query<(DayFacts & { readonly account_id: string })[]>(
    `SELECT account_id, day - ${EPOCH} AS day, count(DISTINCT person_id)::int AS persons,
       coalesce(json_agg(DISTINCT name) FILTER (WHERE kind = 'track'), '[]') AS names
     FROM usage_fact WHERE account_id = ANY($1::uuid[]) GROUP BY account_id, day ORDER BY account_id, day`,
    [accountIds],
  )
  return Map.groupBy(rows, ({ account_id }) => account_id)
}
