import { type EventOn, versionOf } from '@banso/messaging'
import { parseDay, storable } from '@banso/platform'
import type { Sample } from '../domain/score-series.ts'
import type { KnownScore } from '../store/known.ts'

type ScoreEvent = EventOn<'health.scores.v1'>

export const scoreOf = (event: ScoreEvent): KnownScore => {
  const { data } = event
  return {
    version: versionOf(event),
    scoredAt: new Date(data.scoredAt).toISOString(),
    day: data.day,
    newestInputAt: data.newestInputAt,
    score: data.score,
    band: data.band,
    coverage: data.coverage,
    partial: data.partial,
    outcome: data.outcome.score,
    experience: data.experience.score,
    measures: Object.fromEntries(
      data.measures.map(({ measure, value, score, peerRank = null }) => [
        storable(measure),
        { value, score, peerRank },
      ]),
    ),
  }
}

export const sampleOf = (event: ScoreEvent): Sample => {
  const { generation, sequence } = versionOf(event)
  const measure = (name: string) => event.data.measures.find((one) => one.measure === name)
  const breadth = measure('breadth')
  return {
    day: parseDay(event.data.day),
    version: [generation, sequence],
    eventId: storable(event.id),
    share: measure('active-user-share')?.value ?? null,
    breadth: { score: breadth?.score ?? null, rank: breadth?.peerRank ?? null },
    trend: measure('trend')?.value ?? null,
    experience: event.data.experience.score,
  }
}
