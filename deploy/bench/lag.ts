export interface LagSample {
  /** Since the start of the measurement. */
  readonly second: number
  /** Records, over all groups and topics; NaN where a service could not tell. */
  readonly lag: number
}

/** The largest of the samples from one second up to another; NaN, which is within no limit, without any or with an unknown one. */
export const largestLag = (samples: readonly LagSample[], from: number, to: number): number => {
  const lags = samples.filter(({ second }) => second >= from && second < to).map(({ lag }) => lag)
  return lags.length === 0 ? Number.NaN : Math.max(...lags)
}
