import { valueAt } from '../json.ts'

export const numberAt = (value: unknown, path: string): number | undefined => {
  const found = valueAt(value, path)
  return typeof found === 'number' ? found : undefined
}

/** Scores as people read them: `32.4`. */
export const points = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(1))

export const signedPoints = (value: number | undefined): string =>
  value !== undefined && value >= 0 ? `+${points(value)}` : points(value)

export const pointsAt =
  (path: string) =>
  (row: unknown): string =>
    points(numberAt(row, path))
