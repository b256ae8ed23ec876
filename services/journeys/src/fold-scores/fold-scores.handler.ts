import { type TopicName, topics } from '@banso/contracts'
import { type Chunk, type EventOn, isNewer, versionOf } from '@banso/messaging'
import { Calendar } from '@banso/platform'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { measuredNow } from '../domain/facts.ts'
import { takeScores } from '../domain/track.ts'
import { moveInChunk } from '../move-accounts/move-in-chunk.ts'
import { readAccounts } from '../store/accounts.ts'
import { Journeys } from '../store/journeys.ts'
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
      const news = byAccount.get(account.accountId) ?? []
      const old = known.get(account.accountId) ?? NOTHING_KNOWN
      const scored = newestOf(old, news)
      const { band, score, scoredAt } = scored.score
      const bands = news.map(({ data }) => ({ band: data.band, measuredAnew: data.measuredAnew ?? null }))
      const health = { band, score, scoredAt, ...measuredNow(account.facts.health, bands) }
      const spec = account.journey && journeyOf(account.journey).spec
      const rules = spec && { spec, limits: limitsOf(old.profile, spec) }
      const taken = { series: old.series, tracks: account.facts.tracks }
      const { series, tracks } = takeScores(taken, news.map(sampleOf), rules, this.calendar)
      return { account, scored, series, after: { ...account, facts: { ...account.facts, health, tracks } } }
    })
    await writeScores(
      chunk.tx,
      folded.map(({ account: { accountId }, scored, series }) => ({ accountId, latest: scored.score, series })),
    )
    const moves = folded.map(({ account, scored, after }) => ({
      before: account,
      after,
      cause: causeOfScore(scored.previous, scored.score, scored.eventId),
      day: null,
    }))
    await moveInChunk(chunk, { journeys: this.journeys, days: this.calendar }, moves)
  }
}

interface Scored {
  readonly score: KnownScore
  /** The newest score before these. */
  readonly previous: KnownScore | null
  readonly eventId: string
}

const newestOf = (known: Known, events: readonly ScoreEvent[]): Scored => {
  const newest = events.reduce((best, event) => (isNewer(versionOf(event), versionOf(best)) ? event : best))
  const score = scoreOf(newest)
  return {
    previous: known.score,
    score: known.score && !isNewer(score.version, known.score.version) ? known.score : score,
    eventId: newest.id,
  }
}
