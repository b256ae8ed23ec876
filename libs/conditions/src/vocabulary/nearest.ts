/** Levenshtein distance. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1)

/** Letters apart, where few enough for a slip: a third of the name, at least one. */
const slip = (name: string, candidate: string): number => {
  const apart = distance(name, candidate)
  return apart <= Math.max(1, Math.floor(name.length / 3)) ? apart : Number.POSITIVE_INFINITY
}

/** Longer names are no slips of the pen. */
const MAX_LENGTH = 60

/** The candidate that was most likely meant, as a whole or by its last part; none when all are far. */
export const nearest = (name: string, candidates: readonly string[]): string | undefined => {
  if (name.length > MAX_LENGTH) return undefined
  const ranked = candidates
    .map((candidate) => ({
      candidate,
      // The same name in another group is a worse guess than one letter, a better one than two.
      apart: Math.min(slip(name, candidate), slip(lastPart(name), lastPart(candidate)) + 1.5),
    }))
    .filter(({ apart }) => Number.isFinite(apart))
  return ranked.toSorted((a, b) => a.apart - b.apart)[0]?.candidate
}

/** ` (did you mean health.score?)`, or nothing. */
export const suggestion = (name: string, candidates: readonly string[]): string => {
  const found = nearest(name, candidates)
  return found === undefined ? '' : ` (did you mean ${found}?)`
}
