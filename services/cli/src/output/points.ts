import { numberAt } from '../json.ts'

/** Scores as people read them: `32.4`. */
export const points = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(1))

export const signedPoints = (value: number | undefined): string =>
  value !== undefined && value >= 0 ? `+${points(value)}` : points(value)

export const pointsAt =
  (path: string) =>
  (row: unknown): string =>
    points(numberAt(row, path))

/** A share of 1: `88 %`. */
export const percentAt =
  (path: string) =>
  (row: unknown): string =>
    `${Math.round((numberAt(row, path) ?? 0) * 100)} %`
