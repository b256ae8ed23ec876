import { quantile } from '../drive/quantiles.ts'

/** How far something had come at a moment, and the CPU it had used by then. */
export interface Mark {
  /** Milliseconds of `performance.now()`. */
  readonly at: number
  readonly done: number
  /** Seconds by name. */
  readonly cpu: Readonly<Record<string, number>>
}

export interface Pace {
  readonly perSecond: number
  /** Milliseconds of CPU per event, by name. */
  readonly cpuMs: Readonly<Record<string, number>>
}

/**
 * From the first mark with at least `from` done: the speed until all was done, the CPU until the last mark, which may be
 * later, when what was put off is done too. NaN where there is no such stretch.
 */
export const paceOf = (marks: readonly Mark[], from: number): Pace => {
  const first = marks.find(({ done }) => done >= from)
  const last = marks.at(-1)
  const finished = marks.find(({ done }) => done === last?.done)
  const events = first && last ? last.done - first.done : 0
  if (!first || !last || !finished || events <= 0) return { perSecond: Number.NaN, cpuMs: {} }
  return {
    perSecond: (events / (finished.at - first.at)) * 1000,
    cpuMs: Object.fromEntries(
      Object.entries(last.cpu).map(([name, seconds]) => [name, ((seconds - (first.cpu[name] ?? 0)) / events) * 1000]),
    ),
  }
}

/** By how much the largest exceeds the smallest, as a share of the smallest. */
export const spreadOf = (values: readonly number[]): number => Math.max(...values) / Math.min(...values) - 1

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

/** To three places. */
export const rounded = (value: number): number => Math.round(value * 1000) / 1000
