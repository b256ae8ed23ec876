import { type TopicName, topics } from '@banso/contracts'
import { type Chunk, type EventOn, isNewer, versionOf } from '@banso/messaging'
import { Calendar } from '@banso/platform'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { followScores } from '../domain/track.ts'
import { evolveSeries } from '../domain/score-series.ts'
import { moveAccounts } from '../move-accounts/move-accounts.ts'
import { type Account, readAccounts, writeAccounts } from '../store/accounts.ts'
import { Journeys, type KnownJourney } from '../store/journeys.ts'
import { type Known, type KnownScore, limitsOf, NOTHING_KNOWN, readKnown, writeScores } from '../store/known.ts'
import { sampleOf, scoreOf } from './score-of.ts'
import { causeOfScore } from './cause-of-score.ts'

type ScoreEvent = EventOn<'health.scores.v1'>

@Controller()
export class FoldScoresHandler {
  constructor(
    private readonly journeys: Journeys,
    private readonly calendar: Calendar,
  ) {}

  /** No day passes by a score: use that was received before it may not be handled yet. */
  @EventPattern<TopicName>(topics.scores.name)
  async fold(@Payload() events: readonly ScoreEvent[], @Ctx() chunk: Chunk): Promise<void> {
    const byAccount = Map.groupBy(events, ({ data }) => data.accountId)
    const ids = [...byAccount.keys()]
    const before = await readAccounts(chunk.tx, ids)
    const known = await readKnown(chunk.tx, ids)
    const journeyOf = await this.journeys.read(
      chunk.tx,
      before.flatMap(({ journey }) => journey ?? []),
    )
    const folded = before.map((account) => {
      const scored = evolveScores(known.get(account.accountId) ?? NOTHING_KNOWN, byAccount.get(account.accountId) ?? [])
      const journey = account.journey && journeyOf(account.journey)
      return { account, scored, after: this.#after(account, scored, journey) }
    })
    await writeScores(
      chunk.tx,
      folded.map(({ account: { accountId }, scored: { score, series } }) => ({ accountId, latest: score, series })),
    )
    const moves = folded.map(({ account, scored, after }) => ({
      before: account,
      after,
      cause: causeOfScore(scored.previous, scored.score, scored.eventId),
      day: null,
    }))
    if (chunk.rebuilding)
      await writeAccounts(
        chunk.tx,
        moves.map(({ after }) => after),
      )
    else await moveAccounts(chunk, { journeys: this.journeys, days: this.calendar }, moves)
  }

  #after(account: Account, { profile, score, series, changedFrom }: Evolved, journey: KnownJourney | null): Account {
    const { facts } = account
    const health = { band: score.band, score: score.score, scoredAt: score.scoredAt }
    if (journey === null) return { ...account, facts: { ...facts, health } }
    const { spec } = journey
    const scores = { series, limits: limitsOf(profile, spec), changedFrom }
    const tracks = followScores(facts.tracks, scores, spec, this.calendar)
    return { ...account, facts: { ...facts, health, tracks } }
  }
}

interface Evolved extends Known {
  readonly score: KnownScore
  /** The newest score before these. */
  readonly previous: KnownScore | null
  readonly eventId: string
  readonly changedFrom: number
}

// The newest score counts, and of each day the newest one of it.
const evolveScores = (known: Known, events: readonly ScoreEvent[]): Evolved => {
  const newest = events.reduce((best, event) => (isNewer(versionOf(event), versionOf(best)) ? event : best))
  const score = scoreOf(newest)
  const samples = events.map(sampleOf)
  return {
    ...known,
    previous: known.score,
    score: known.score && !isNewer(score.version, known.score.version) ? known.score : score,
    series: evolveSeries(known.series, samples),
    eventId: newest.id,
    changedFrom: Math.min(...samples.map(({ day }) => day)),
  }
}
