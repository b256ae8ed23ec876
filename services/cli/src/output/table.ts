// Plain columns for people: two spaces between them, wide characters (Japanese) counted as two.
import { valueAt } from '../json.ts'

/** The heading, and where in a row its value is. */
export interface Column {
  readonly title: string
  readonly of: string | ((row: unknown) => unknown)
}

export const valueOf = (row: unknown, { of }: Column): unknown => (typeof of === 'string' ? valueAt(row, of) : of(row))

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/gu
// Control characters would let a stored text rewrite the terminal, marks of direction show it in another order.
const CONTROL = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A text from a service as a terminal may show it, on one line. */
export const shownText = (text: string): string => text.replaceAll(CONTROL, ' ')

export const cellText = (value: unknown): string => {
  if (value === undefined || value === null) return '-'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return shownText(text)
}

const widthOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0)

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))

/** A line per row of cells, in columns. */
const aligned = (lines: readonly (readonly string[])[]): string[] => {
  const widths = lines[0]?.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? '')))) ?? []
  return lines.map(
    (line) =>
      `${line
        .map((cell, index) => pad(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
  )
}

const cellsOf = (rows: readonly unknown[], columns: readonly Column[]): string[][] =>
  rows.map((row) => columns.map((column) => cellText(valueOf(row, column))))

export const renderTable = (rows: readonly unknown[], columns: readonly Column[]): string =>
  aligned([columns.map(({ title }) => title.toUpperCase()), ...cellsOf(rows, columns)]).join('')

/** The rows without the headings, a line each. */
export const renderRows = (rows: readonly unknown[], columns: readonly Column[]): string[] =>
  aligned(cellsOf(rows, columns))

/** A line for each field that the object has. */
export const renderFields = (object: unknown, fields: readonly Column[]): string => {
  const known = fields.map((field) => ({ title: field.title, value: valueOf(object, field) }))
  const shown = known.filter(({ value }) => value !== undefined)
  const width = Math.max(0, ...shown.map(({ title }) => title.length))
  return shown.map(({ title, value }) => `${title.padEnd(width)}  ${cellText(value)}\n`).join('')
}
