/** The day of number 0, in SQL: `${EPOCH} + day` is a date. */
export const EPOCH = `DATE '1970-01-01'`
