// Parts of a cursor's key that go into SQL. Anybody may send a cursor: what passes here is what Postgres takes.
import Type from 'typebox'

const YEAR = '(?!0000)\\d{4}'

/** A `date`, as we write one: `2026-01-31`; no year 0. */
export const DayKey = Type.String({ format: 'date', pattern: `^${YEAR}-` })

/** A `timestamptz`, as `toISOString` writes one: UTC, milliseconds; no year 0. */
export const InstantKey = Type.String({
  format: 'date-time',
  pattern: `^${YEAR}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d\\.\\d{3}Z$`,
})
