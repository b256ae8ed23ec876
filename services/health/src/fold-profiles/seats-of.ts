const LEAST_SEATS = 1

/**
 * Paid seats of the group trait `seats`: a number from 1 on, or a text of one; null where it says nothing usable. Users of
 * a tiny part of a seat would be a share that no peer table can hold.
 */
export const seatsOf = (trait: unknown): number | null => {
  const seats = typeof trait === 'string' && trait.trim() !== '' ? Number(trait) : trait
  return typeof seats === 'number' && Number.isFinite(seats) && seats >= LEAST_SEATS ? seats : null
}
