// The read side: what the API shows, in its own shape.
import type { AccountScored, Band } from '@banso/contracts'
import type { DataSource } from 'typeorm'
import { mustKnow } from './known-accounts.ts'
import { type PresentScore, readPresentScore } from './present-score.ts'

export interface UsageOfDay {
  readonly day: string
  readonly kind: string
  readonly event: string
  readonly count: number
  /** How many different ones. */
  readonly persons: number
}

export interface ScoreOfDay {
  readonly day: string
  readonly score: number | null
  readonly band: Band | null
  readonly partial: boolean
  readonly coverage: number
  readonly outcome: number | null
  readonly experience: number | null
  /** A person had set the score. */
  readonly overridden: boolean
  readonly scorecard: AccountScored['scorecard']
}

interface Part<K> {
  readonly accountId: string
  readonly from: string
  readonly to: string
  readonly after: K | undefined
  readonly limit: number
}

export type UsageKey = readonly [day: string, kind: string, event: string]

export class HealthReader {
  constructor(private readonly database: DataSource) {}

  /** 404 `ACCOUNT_NOT_FOUND` unless an event of it has reached us. */
  mustKnow(accountId: string): Promise<void> {
    return mustKnow(this.database.manager, accountId)
  }

  /** The present score, with its inputs as of now. */
  score(accountId: string): Promise<PresentScore | undefined> {
    return readPresentScore(this.database.manager, accountId)
  }

  history({ accountId, from, to, after, limit }: Part<string>): Promise<ScoreOfDay[]> {
    return this.database.query<ScoreOfDay[]>(
      `SELECT day::text, score, band, partial, coverage, outcome, experience, overridden,
         json_build_object('name', scorecard, 'version', scorecard_version) AS scorecard
       FROM score_history
       WHERE account_id = $1 AND day BETWEEN $2 AND $3 AND ($4::date IS NULL OR day > $4)
       ORDER BY score_history.day LIMIT $5`,
      [accountId, from, to, after ?? null, limit],
    )
  }

  /** `knownOn` null: as known now. */
  usage({
    accountId,
    from,
    to,
    after,
    limit,
    knownOn,
  }: Part<UsageKey> & { knownOn: string | null }): Promise<UsageOfDay[]> {
    const [day, kind, event] = after ?? [null, null, null]
    return this.database.query<UsageOfDay[]>(
      `SELECT day::text, kind, name AS event, sum(count)::int AS count, count(DISTINCT person_id)::int AS persons
       FROM usage_fact
       WHERE account_id = $1 AND day BETWEEN $2 AND $3 AND ($4::date IS NULL OR known_on <= $4)
         AND ($5::date IS NULL OR day >= $5 AND (day, kind, name) > ($5, $6::text, $7::text))
       GROUP BY usage_fact.day, kind, name
       ORDER BY usage_fact.day, kind, name LIMIT $8`,
      [accountId, from, to, knownOn, day, kind, event, limit],
    )
  }
}
