// Scores as they were known on a past day, and as they come out by all that is known of that day now.
import type { AccountScored, Band } from '@banso/contracts'
import type { DataSource } from 'typeorm'
import { type Day, formatDay, parseDay } from '@banso/platform'
import { type Reason, reasonsOf } from '../domain/explain.ts'
import { activityOf } from '../domain/fold-activity.ts'
import type { Facts } from '../domain/measures.ts'
import { ratingsOf } from '../domain/ratings.ts'
import { type Score, score, type Yardstick } from '../domain/score.ts'
import { keyFeaturesOf } from '../domain/scorecard.ts'
import type { Language } from '../domain/words.ts'
import type { ScoreDayParts } from '../score-accounts/score-day.ts'
import { readTicketsOf } from './past-tickets.ts'
import { readProfileOf } from './profiles.ts'
import { scorecardAt } from './scorecard-uses.ts'
import { readDays } from './usage-facts.ts'

export interface PastScored {
  readonly accountId: string
  readonly day: string
  readonly knownOn: string
  /** By which both are scored: what was in use on the day. */
  readonly scorecard: AccountScored['scorecard']
  readonly peersOn: string | null
  /** What was published last for the day; null when it was not scored. */
  readonly published: { readonly score: number | null; readonly band: Band | null; readonly overridden: boolean } | null
  /** By what was known at the end of `knownOn`; null when nothing was known of the account. */
  readonly known: ExplainedScore | null
  /** By all that is known now. */
  readonly corrected: ExplainedScore | null
}

export interface ExplainedScore extends Score {
  readonly why: readonly Reason[]
}

interface HistoryRow {
  readonly score: number | null
  readonly band: Band | null
  readonly overridden: boolean
  readonly scorecard: string
  readonly scorecard_version: number
  readonly peers_on: string | null
}

export class PastScores {
  constructor(
    private readonly database: DataSource,
    private readonly parts: ScoreDayParts,
  ) {}

  async scoreOf(accountId: string, day: Day, knownOn: Day, lang: Language): Promise<PastScored> {
    const history = await this.history(accountId, day)
    const yardstick = await this.yardstickOf(day, history)
    const scored = async (known: Day | null): Promise<ExplainedScore | null> => {
      const facts = await this.factsOf(accountId, day, known, yardstick)
      if (!facts) return null
      const found = score(facts, yardstick, day)
      return { ...found, why: reasonsOf(found.measures, lang) }
    }
    const { scorecard, peers } = yardstick
    return {
      accountId,
      day: formatDay(day),
      knownOn: formatDay(knownOn),
      scorecard: { name: scorecard.name, version: scorecard.version },
      peersOn: peers && formatDay(peers.day),
      published: history && { score: history.score, band: history.band, overridden: history.overridden },
      known: await scored(knownOn),
      corrected: await scored(null),
    }
  }

  private async history(accountId: string, day: Day): Promise<HistoryRow | null> {
    const [row] = await this.database.query<HistoryRow[]>(
      `SELECT score, band, overridden, scorecard, scorecard_version, peers_on::text
       FROM score_history WHERE account_id = $1 AND day = $2`,
      [accountId, formatDay(day)],
    )
    return row ?? null
  }

  /** Of a day on which the account was not scored: what was in use then. */
  private async yardstickOf(day: Day, history: HistoryRow | null): Promise<Yardstick> {
    const { bases, calendar } = this.parts
    const { manager } = this.database
    const basis = await bases.read(manager, day)
    const used = history
      ? { name: history.scorecard, version: history.scorecard_version }
      : await scorecardAt(manager, calendar.startOf(day + 1))
    const scorecard = await bases.scorecard(manager, used.name, used.version)
    const peersOn = history ? history.peers_on && parseDay(history.peers_on) : (basis.frozenOn[0] ?? null)
    const tables = await bases.peers(manager, typeof peersOn === 'number' ? [peersOn] : [])
    return { scorecard, peers: typeof peersOn === 'number' ? (tables.get(peersOn) ?? null) : null }
  }

  private async factsOf(
    accountId: string,
    day: Day,
    knownOn: Day | null,
    { scorecard }: Yardstick,
  ): Promise<Facts | null> {
    const { bases, calendar } = this.parts
    const { manager } = this.database
    const { since } = await bases.read(manager, day)
    const isConnected = (from: Day | null): boolean => from !== null && from <= (knownOn ?? from)
    const days = (await readDays(manager, [accountId], knownOn)).get(accountId) ?? []
    const support = await readTicketsOf(manager, accountId, { day, knownOn, calendar })
    if (days.length === 0 && !support.any) return null
    return {
      connected: { usage: isConnected(since.usage), tickets: isConnected(since.tickets) },
      ...(await readProfileOf(manager, accountId, day, knownOn)),
      activity: activityOf(days, day, keyFeaturesOf(scorecard)),
      tickets: support.tickets,
      ratings: ratingsOf(support.ratings, day),
    }
  }
}
