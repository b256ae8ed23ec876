// The facts of usage. Whatever the number of events, it takes one statement to add them.
import type { ProductUsed } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { Day } from '@banso/platform'
import type { DayFacts, DayUse, Gap, NameGap } from '../domain/fold-activity.ts'
import { plain, texts } from './columns.ts'
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

/** Where facts may lie around a use that are known by now: nowhere, on its day and before, or after it, too. */
export type Known = 'none' | 'up-to' | 'around'
type Knowledge = (use: Use) => Known

/**
 * Adds the uses and gives, per account, what became new on which day, in the order of days. `know` spares looking up
 * where nothing can be.
 */
export const addUses = async (
  tx: EntityManager,
  uses: readonly Use[],
  know: Knowledge,
): Promise<ReadonlyMap<string, readonly DayUse[]>> => {
  const persons = distinct(uses, ({ accountId, personId, day }) => `${accountId} ${personId} ${day}`)
  const names = distinct(
    uses.filter(({ kind }) => kind === 'track'),
    ({ accountId, name, day }) => `${accountId} ${day} ${name}`,
  )
  const facts = countedFacts(uses)
  const gaps = await tx.query<Gap[]>(ADD_USES, [...askedOf(persons, names, know), ...columnsOf(facts)])
  return dayUses(
    newOnes(persons, gaps.slice(0, persons.length), ({ accountId, personId }) => `${accountId} ${personId}`),
    newOnes(names, gaps.slice(persons.length), ({ accountId, name }) => `${accountId} ${name}`),
  )
}

const distinct = <T>(all: readonly T[], keyOf: (one: T) => string): T[] => [
  ...new Map(all.map((one) => [keyOf(one), one])).values(),
]

const nearest = (aggregate: 'max' | 'min', of: 'person' | 'name', than: '<=' | '>'): string => `(
  SELECT ${aggregate}(fact.day) FROM usage_fact AS fact
  WHERE fact.account_id = asked.account_id AND fact.day ${than} ${EPOCH} + asked.day
    AND ${of === 'person' ? 'fact.person_id = asked.person_id' : "fact.kind = 'track' AND fact.name = asked.name"}
  ) - ${EPOCH}`

const gapsOf = (of: 'person' | 'name'): string => `
  CASE WHEN known <> 'none' THEN ${nearest('max', of, '<=')} END AS previous,
  CASE WHEN known = 'around' THEN ${nearest('min', of, '>')} END AS next`

// What it reads is as it was before: a statement does not see its own inserts.
const ADD_USES = `
  WITH added AS (
    INSERT INTO usage_fact (account_id, day, person_id, kind, name, known_on, count)
    SELECT account_id, ${EPOCH} + day, person_id, kind, name, ${EPOCH} + known_on, count
    FROM unnest($9::uuid[], $10::int[], $11::uuid[], $12::text[], $13::text[], $14::int[], $15::int[])
      AS heard (account_id, day, person_id, kind, name, known_on, count)
    ON CONFLICT (account_id, day, person_id, kind, name, known_on)
    DO UPDATE SET count = usage_fact.count + excluded.count)
  SELECT previous, next FROM (
    SELECT 1 AS list, place, ${gapsOf('person')}
    FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[])
      WITH ORDINALITY AS asked (account_id, person_id, day, known, place)
    UNION ALL
    SELECT 2 AS list, place, ${gapsOf('name')}
    FROM unnest($5::uuid[], $6::text[], $7::int[], $8::text[])
      WITH ORDINALITY AS asked (account_id, name, day, known, place)
  ) AS answers ORDER BY list, place`

const askedOf = (persons: readonly Use[], names: readonly Use[], know: Knowledge): string[] => [
  plain(persons.map(({ accountId }) => accountId)),
  plain(persons.map(({ personId }) => personId)),
  plain(persons.map(({ day }) => day)),
  plain(persons.map(know)),
  plain(names.map(({ accountId }) => accountId)),
  texts(names.map(({ name }) => name)),
  plain(names.map(({ day }) => day)),
  plain(names.map(know)),
]

type Fact = Use & { count: number }

const countedFacts = (uses: readonly Use[]): readonly Fact[] => {
  const facts = new Map<string, Fact>()
  for (const use of uses) {
    const key = `${use.accountId} ${use.day} ${use.personId} ${use.kind} ${use.knownOn} ${use.name}`
    const fact = facts.get(key)
    if (fact) fact.count += 1
    else facts.set(key, { ...use, count: 1 })
  }
  return [...facts.values()]
}

const columnsOf = (facts: readonly Fact[]): string[] => [
  plain(facts.map(({ accountId }) => accountId)),
  plain(facts.map(({ day }) => day)),
  plain(facts.map(({ personId }) => personId)),
  plain(facts.map(({ kind }) => kind)),
  texts(facts.map(({ name }) => name)),
  plain(facts.map(({ knownOn }) => knownOn)),
  plain(facts.map(({ count }) => count)),
]

type NewUse = Use & Gap

// Those that were not there on their day. What is new together comes day by day: each is the one before for the next.
const newOnes = (asked: readonly Use[], gaps: readonly Gap[], keyOf: (use: Use) => string): NewUse[] => {
  const latest = new Map<string, Day>()
  return asked
    .map((use, index): NewUse => ({ ...use, previous: null, next: null, ...gaps[index] }))
    .filter(({ day, previous }) => previous !== day)
    .toSorted((a, b) => a.day - b.day)
    .map((use) => {
      const before = latest.get(keyOf(use)) ?? null
      latest.set(keyOf(use), use.day)
      const previous = before === null ? use.previous : Math.max(before, use.previous ?? before)
      return { ...use, previous }
    })
}

const dayUses = (persons: readonly NewUse[], names: readonly NewUse[]): ReadonlyMap<string, readonly DayUse[]> => {
  interface Draft {
    readonly day: Day
    readonly persons: Gap[]
    readonly names: NameGap[]
  }
  const accounts = new Map<string, Map<Day, Draft>>()
  const on = (accountId: string, day: Day): Draft => {
    const days = accounts.get(accountId) ?? new Map<Day, Draft>()
    const use = days.get(day) ?? { day, persons: [], names: [] }
    accounts.set(accountId, days.set(day, use))
    return use
  }
  for (const { accountId, day, previous, next } of persons) on(accountId, day).persons.push({ previous, next })
  for (const { accountId, day, name, previous, next } of names) on(accountId, day).names.push({ name, previous, next })
  return new Map(
    [...accounts].map(([accountId, days]) => [accountId, [...days.values()].toSorted((a, b) => a.day - b.day)]),
  )
}

/** All facts of these accounts, by day and in their order; with `known`, as known at the end of a day. */
export const readDays = async (
  tx: Pick<EntityManager, 'query'>,
  accountIds: readonly string[],
  knownOn: Day | null = null,
): Promise<ReadonlyMap<string, readonly DayFacts[]>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await tx.query<(DayFacts & { readonly account_id: string })[]>(
    `SELECT account_id, day - ${EPOCH} AS day, json_agg(DISTINCT person_id) AS persons,
       coalesce(json_agg(DISTINCT name) FILTER (WHERE kind = 'track'), '[]') AS names
     FROM usage_fact WHERE account_id = ANY($1::uuid[]) AND ($2::int IS NULL OR known_on <= ${EPOCH} + $2)
     GROUP BY account_id, day ORDER BY account_id, day`,
    [accountIds, knownOn],
  )
  return Map.groupBy(rows, ({ account_id }) => account_id)
}
