// Columns of a statement, as texts of Postgres arrays: the driver's own way with arrays costs several times as much.

/** Of values whose texts need no quotes: ids, numbers, days, times, names from closed lists. */
export const plain = (values: readonly (string | number | boolean | null | undefined)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`

/** Of instants. */
export const times = (values: readonly (Date | null)[]): string =>
  plain(values.map((value) => value && `"${value.toISOString()}"`))

/** Of any texts. */
export const texts = (values: readonly (string | null)[]): string =>
  plain(values.map((value) => (value === null ? null : quoted(value))))

const quoted = (text: string): string =>
  `"${text.includes('"') || text.includes('\\') ? text.replaceAll(/["\\]/g, '\\$&') : text}"`
