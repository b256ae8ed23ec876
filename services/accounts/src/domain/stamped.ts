// Last writer wins, by event time and then ce_id: the same result in whatever order observations come.

/** Which event said it: its own time (ISO 8601, UTC) and ce_id. */
export interface Stamp {
  readonly at: string
  readonly by: string
}

export interface Stamped<V> extends Stamp {
  readonly value: V
}

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)

/** Above 0 when `a` is the later one. Instants in ISO 8601 with milliseconds and `Z` compare as text. */
export const compareStamps = (a: Stamp, b: Stamp): number => compareText(a.at, b.at) || compareText(a.by, b.by)

export const latest = <V>(known: Stamped<V> | null, observed: Stamped<V>): Stamped<V> =>
  known === null || compareStamps(observed, known) > 0 ? observed : known
