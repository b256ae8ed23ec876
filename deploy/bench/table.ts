// The table of README.md, made of the results that `--keep` left in `results/`: one row per bench and log.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'results')
export const README = join(import.meta.dirname, '../../README.md')
const BEGIN = '<!-- bench: made by `npm run bench -- table` -->'
const END = '<!-- /bench -->'

/** What a bench left: its result, and where and when it was measured. */
export interface Kept {
  readonly bench: string
  readonly day: string
  readonly cores: number
  readonly result: Readonly<Record<string, unknown>>
}

export const keep = (bench: string, result: object, now: Date): void => {
  mkdirSync(FOLDER, { recursive: true })
  const log = 'log' in result ? String(result.log) : 'embedded'
  const kept = { bench, day: now.toISOString().slice(0, 10), cores: cpus().length, result }
  writeFileSync(join(FOLDER, `${bench}-${log}.json`), `${JSON.stringify(kept, undefined, 2)}\n`)
}

export const readKept = (): Kept[] =>
  readdirSync(FOLDER)
    .toSorted()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Kept)

type Result = Kept['result']

const count = (value: unknown): string => Number(value).toLocaleString('en-US')
const against = ({ ratio, floorPerSecond }: Result): string =>
  `${Number(ratio).toFixed(2)} of a floor of ${count(floorPerSecond)}/s`

interface Row {
  readonly what: string
  readonly measured: (result: Result) => string
}

const rows: Readonly<Record<string, Row>> = {
  pipeline: {
    what: 'ticket → webhook, under a stream of usage',
    measured: ({ eventsPerSecond, p50Ms, p95Ms, p99Ms, ratioP95, floorP95Ms }) =>
      `${count(eventsPerSecond)} events/s: p50 ${count(p50Ms)}, p95 ${count(p95Ms)}, p99 ${count(p99Ms)} ms; ` +
      `p95 ${Number(ratioP95).toFixed(1)} times a floor of ${count(floorP95Ms)} ms`,
  },
  capture: {
    what: 'events taken over HTTP, in batches',
    measured: (result) => `${count(result['perSecond'])}/s, p99 ${count(result['p99Ms'])} ms; ${against(result)}`,
  },
  sorter: {
    what: 'raw events sorted into typed ones',
    measured: (result) => `${count(result['perSecond'])}/s; ${against(result)}`,
  },
  fold: {
    what: 'usage folded into scores',
    measured: (result) => {
      const sizes = result['sizes'] as readonly Result[]
      const pace = sizes.map((size) => `${count(size['foldPerSecond'])}/s at ${count(size['accounts'])} accounts`)
      return `${pace.join(', ')}; at least ${Number(result['ratio']).toFixed(2)} of its floor`
    },
  },
  outbox: {
    what: 'events through the outbox of a service',
    measured: (result) => `${count(result['perSecond'])}/s; ${against(result)}`,
  },
  memory: {
    what: 'everything, idle',
    measured: ({ pssMb, processes }) => `${count(pssMb)} MB in ${count(processes)} processes`,
  },
}

/** Markdown. */
export const tableOf = (kept: readonly Kept[]): string => {
  const lines = Object.entries(rows).flatMap(([bench, { what, measured }]) =>
    kept
      .filter((one) => one.bench === bench)
      .map(({ day, cores, result }) => [what, String(result['log']), measured(result), `${day}, ${cores} cores`]),
  )
  const table = [['what', 'log', 'measured', 'when, where'], ...lines]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const drawn = table.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [drawn[0], rule, ...drawn.slice(1)].join('\n')
}

/** The page with the table between its marks made anew. Throws where the marks are missing. */
export const withTable = (page: string, kept: readonly Kept[]): string => {
  const [before, rest] = page.split(BEGIN)
  const [, after] = rest?.split(END) ?? []
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${BEGIN} … ${END}`)
  return `${before}${BEGIN}\n\n${tableOf(kept)}\n\n${END}${after}`
}

export const writeTable = (): void => {
  writeFileSync(README, withTable(readFileSync(README, 'utf8'), readKept()))
}
