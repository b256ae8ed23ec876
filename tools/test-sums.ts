// The sums of Jest's result files. As a program (`node tools/test-sums.ts`): prints them for the last `npm test`.
import { globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Where `npm test` leaves Jest's results, a file for each run. */
export const resultsFolder = join(root, '.nx/test-results')

interface JestResults {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

export interface Sums {
  readonly passed: number
  /** Tests that failed, and files that could not be loaded. */
  readonly failed: number
  readonly skipped: number
  /** `path › name` of each. */
  readonly failures: readonly string[]
  readonly skips: readonly string[]
}

export const sumsOf = (runs: readonly JestResults[]): Sums => {
  const files = runs.flatMap((run) => run.testResults)
  const tests = files.flatMap((file) =>
    file.assertionResults.map(({ fullName, status }) => ({
      status,
      title: `${relative(root, file.name)} › ${fullName}`,
    })),
  )
  const titled = (...statuses: string[]): string[] =>
    tests.filter((test) => statuses.includes(test.status)).map((test) => test.title)
  const unloaded = files
    .filter((file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'))
    .map((file) => `${relative(root, file.name)} › the file itself`)
  const failures = [...titled('failed'), ...unloaded]
  const skips = titled('pending', 'skipped', 'todo', 'disabled')
  return { passed: titled('passed').length, failed: failures.length, skipped: skips.length, failures, skips }
}

export const sumLine = ({ passed, failed, skipped }: Pick<Sums, 'passed' | 'failed' | 'skipped'>): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/** The sums of the last run. A run that left no result file counts as one failure. */
export const readSums = (runs: readonly string[] = ['parts', 'system'], folder = resultsFolder): Sums => {
  const found = globSync('*.json', { cwd: folder })
  const missing = runs.filter((run) => !found.includes(`${run}.json`)).map((run) => `the run of ${run} left no results`)
  const sums = sumsOf(found.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as JestResults))
  return { ...sums, failed: sums.failed + missing.length, failures: [...sums.failures, ...missing] }
}

if (import.meta.main) console.log(sumLine(readSums()))
