// Rows for any table, made from what the database says of its columns: enough for a migration to meet data.
import type { DataSource } from 'typeorm'

/** Column → SQL expression, for columns whose content a migration looks into. */
export type Contents = Readonly<Record<string, string>>

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

interface Column {
  readonly name: string
  readonly type: string
  /** Definitions of the checks that name it. */
  readonly checks: readonly string[]
}

const TABLES = `
  SELECT c.relname AS name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL),
      'checks', array(SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
        WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY(k.conkey))) ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity <> 'a'
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'migrations'
  GROUP BY c.relname ORDER BY c.relname`

/** The tables as they are now, without columns that only the database fills. */
export const tablesOf = (source: DataSource): Promise<Table[]> => source.query<Table[]>(TABLES)

const byType = (type: string, n: number): string => {
  if (type === 'uuid') return `'00000000-0000-4000-8000-${String(n).padStart(12, '0')}'`
  if (type === 'boolean') return 'false'
  if (type === 'bytea') return `'\\x00'`
  if (type === 'json' || type === 'jsonb') return `'{}'`
  if (type === 'date') return 'current_date'
  if (type.startsWith('timestamp')) return 'now()'
  if (type.endsWith('[]')) return `'{}'`
  return type === 'text' || type.startsWith('character') ? `'n${n}'` : String(n)
}

const valueOf = ({ type, checks }: Column, n: number): string => {
  const allowed = checks
    .map((check) => /ARRAY\[('(?:[^']|'')*'::text)|= (\d+|'[^']*'::text)\b/.exec(check))
    .find(Boolean)
  return allowed?.[1] ?? allowed?.[2] ?? byType(type, n)
}

/** The statement that writes the n-th row of a table. */
export const insertOf = ({ name, columns }: Table, n: number, contents: Contents = {}): string => {
  const values = columns.map((column) => contents[column.name] ?? valueOf(column, n))
  const names = columns.map((column) => `"${column.name}"`)
  return `INSERT INTO "${name}" (${names.join(', ')}) VALUES (${values.join(', ')}) ON CONFLICT DO NOTHING`
}

export const selectOf = ({ name, columns }: Table): string =>
  `SELECT ${columns.map((column) => `"${column.name}"`).join(', ')} FROM "${name}"`
