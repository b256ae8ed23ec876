import type { EntityManager } from 'typeorm'
import type { AccountKnown, KnownChange, KnownProfile, KnownScore } from '../domain/facts/account-known.ts'
import { factsOf } from '../domain/facts/facts-of.ts'
import type { JourneyKnown } from '../domain/facts/journey-known.ts'
import type { LocalTime } from '../domain/local-time.ts'
import { FactsOf } from '../domain/ports.ts'

interface Row {
  readonly account_id: string
  readonly profile: KnownProfile | null
  readonly score: KnownScore | null
  readonly change: KnownChange | null
  readonly journeys: Readonly<Record<string, JourneyKnown>> | null
  readonly open: number
  readonly serious: number
  readonly oldest_serious: Date | null
}

const READ = `
  SELECT a.id AS account_id, f.profile, f.score,
    CASE WHEN f.score IS NULL OR (f.change_generation, f.change_sequence) > (f.score_generation, f.score_sequence)
      THEN f.change END AS change,
    (SELECT json_object_agg(j.journey, j.known) FROM account_journey j WHERE j.account_id = a.id) AS journeys,
    t.open, t.serious, t.oldest_serious
  FROM unnest($1::uuid[]) AS a(id)
  LEFT JOIN account_facts f ON f.account_id = a.id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS open,
      (count(*) FILTER (WHERE priority IN ('urgent', 'high')))::int AS serious,
      min(opened_at) FILTER (WHERE priority IN ('urgent', 'high')) AS oldest_serious
    FROM account_ticket WHERE account_id = a.id AND status NOT IN ('solved', 'closed')) t`

const knownOf = (row: Row): AccountKnown => ({
  accountId: row.account_id,
  profile: row.profile,
  score: row.score,
  change: row.change,
  journeys: new Map(Object.entries(row.journeys ?? {})),
  tickets: { open: row.open, serious: row.serious, oldestSeriousAt: row.oldest_serious },
})

/** The facts of accounts from the service's own copy. One statement per call. */
export class AccountFactsOf extends FactsOf {
  constructor(private readonly local: LocalTime) {
    super()
  }

  override async read(tx: EntityManager, accountIds: readonly string[], now: Date) {
    const rows = await tx.query<Row[]>(READ, [[...new Set(accountIds)]])
    return new Map(rows.map((row) => [row.account_id, factsOf(knownOf(row), now, this.local)]))
  }

  override async accounts(tx: EntityManager, after: string, limit: number): Promise<readonly string[]> {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT id FROM account WHERE id > coalesce(nullif($1, '')::uuid, '00000000-0000-0000-0000-000000000000')
       ORDER BY id LIMIT $2`,
      [after, limit],
    )
    return rows.map(({ id }) => id)
  }
}
