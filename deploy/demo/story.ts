// How an account's story reads.
import type { Effect, Journey, Score } from './look.ts'

const LABEL = 10
const MOST_REASONS = 3

const line = (label: string, text: string): string => `  ${label.padEnd(LABEL)} ${text}`
const figure = (points: number | null): string => (points === null ? 'not enough data' : points.toFixed(1))

export const scoreLine = (score: Score): string => {
  const { outcome, experience } = score
  return `${figure(score.score)} ${score.band ?? 'no band'} (outcome ${figure(outcome.score)}, experience ${figure(experience.score)})`
}

/** The score and what moves it most. */
export const scoreLines = (label: string, score: Score | undefined): string[] => {
  if (!score) return [line(label, 'none yet')]
  const reasons = score.why.slice(0, MOST_REASONS).map(({ label: measure, contribution, text }) => {
    const points = `${contribution < 0 ? '−' : '+'}${Math.abs(contribution).toFixed(1)}`
    return line('', `${points.padStart(5)}  ${measure}: ${text}`)
  })
  return [line(label, scoreLine(score)), ...reasons]
}

export const stageLines = (journey: Journey | undefined): string[] => {
  if (!journey) return [line('stage', 'no journey yet')]
  const flags = journey.flags.map(({ flag, reason }) => line('', `${flag}: ${reason}`))
  return [
    line('stage', `${journey.stage} since ${journey.since.slice(0, 10)}, ${journey.standing}: ${journey.pace.reason}`),
    ...flags,
  ]
}

export const whyLines = (externalId: string, playbook: string, text: readonly string[]): string[] => [
  line('why', `banso why ${externalId} ${playbook}`),
  ...text.map((sentence) => line('', sentence)),
]

export const effectLine = ({ expected, at, text }: Effect, since: number): string =>
  line(`+${((at - since) / 1000).toFixed(1)} s`.padStart(LABEL), `${expected.kind.padEnd(8)} ${text}`)

export const heading = (name: string, externalId: string, title: string): string =>
  `\n${name} (${externalId}): ${title}\n${'─'.repeat(72)}`

export { line }
