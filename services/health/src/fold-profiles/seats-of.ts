/** Paid seats of the group trait `seats`: a number above 0, or a text of one; null where it says nothing usable. */
export const seatsOf = (trait: unknown): number | null => {
  const seats = typeof trait === 'string' && trait.trim() !== '' ? Number(trait) : trait
  return typeof seats === 'number' && Number.isFinite(seats) && seats > 0 ? seats : null
}
