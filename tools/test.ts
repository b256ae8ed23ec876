// `npm test`: everything that must hold. Lint, format, types, build, migrations; then every test, the system's own last
// and alone, because they measure time. Goes on after a failure, says at the end what failed, and exits 1 then.
// `npm test -- health contracts`: the tests of these packages only.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import config from '../jest.config.ts'
import { readSums, resultsFolder, sumLine } from './test-sums.ts'

const root = join(import.meta.dirname, '..')

const run = async (command: string, args: readonly string[], quiet: boolean): Promise<boolean> => {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
  })
  let output = ''
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0 && quiet) console.error(output)
  return code === 0
}

const failed: string[] = []

const step = async (name: string, command: string, args: readonly string[], quiet = true): Promise<void> => {
  const begun = performance.now()
  const ok = await run(command, args, quiet)
  if (!ok) failed.push(name)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - begun) / 1000).toFixed(1)} s)`)
}

const only = process.argv.slice(2)
const packageOf = (project: string): string => project.split(':')[0] ?? ''
const all = config.projects.map((project) => (typeof project === 'object' ? String(project['displayName']) : project))
const unknown = only.filter((name) => !all.some((project) => packageOf(project) === name))
if (unknown.length > 0) {
  console.error(`no package ${unknown.join(', ')}; there are ${[...new Set(all.map(packageOf))].join(', ')}`)
  process.exit(2)
}
const projects = all.filter((name) => only.length === 0 || only.includes(packageOf(name)))
const systemTests = projects.filter((name) => name.endsWith(':e2e'))
const partTests = projects.filter((name) => !systemTests.includes(name))

const jest = (name: string, chosen: readonly string[], args: readonly string[]): Promise<void> =>
  step(
    `tests of the ${name}`,
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${join(resultsFolder, `${name}.json`)}`,
      '--workerIdleMemoryLimit=600MB',
      ...args,
      '--selectProjects',
      ...chosen,
    ],
    false,
  )

rmSync(resultsFolder, { recursive: true, force: true })
mkdirSync(resultsFolder, { recursive: true })

await step('lint', 'oxlint', [])
await step('format', 'oxfmt', ['--check'])
await step('types', 'tsc', ['-p', 'tsconfig.json'])
await step('build', 'nx', ['run-many', '-t', 'build'])
await step('migrations', process.execPath, ['tools/migration.ts'])

if (partTests.length > 0) await jest('parts', partTests, [])
if (systemTests.length > 0) await jest('system', systemTests, ['--runInBand'])

const sums = readSums([...(partTests.length > 0 ? ['parts'] : []), ...(systemTests.length > 0 ? ['system'] : [])])
// Where continuous integration runs, Kafka is there: a test that found none has shown nothing.
const kafkaSkips = process.env['CI'] ? sums.skips.filter((title) => /kafka/i.test(title)) : []
if (kafkaSkips.length > 0) failed.push(`${kafkaSkips.length} Kafka tests were skipped`)

for (const title of sums.failures) console.log(`FAILED ${title}`)
for (const title of sums.skips) console.log(`skipped ${title}`)
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(sumLine(sums))
process.exit(failed.length > 0 || sums.failed > 0 ? 1 : 0)
