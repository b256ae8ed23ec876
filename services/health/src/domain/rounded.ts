/** To ten decimals: thirds of a hundred add up to a hundred, and a score on a bound is on it. */
export const rounded = (value: number): number => Math.round(value * 1e10) / 1e10
