// `npm test`: everything that must hold. Lint, format, types, build, migrations; then every test, those of the whole system
// last. Goes on after a failure, says at the end what failed, and exits 1 then.
// What has not changed since it was right is not run again: its result is shown. `npm test -- health contracts`: the tests
// of these packages only, always run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { allProjects as all, projectsOf, type Run } from './run-jest.ts'
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
const unknown = only.filter((name) => !all.some((project) => packageOf(project) === name))
if (unknown.length > 0) {
  console.error(`no package ${unknown.join(', ')}; there are ${[...new Set(all.map(packageOf))].join(', ')}`)
  process.exit(2)
}
const projects = all.filter((name) => only.length === 0 || only.includes(packageOf(name)))
const [partTests, systemTests] = [projectsOf('parts', projects), projectsOf('system', projects)]

/** By nx, which gives the result of the last time where nothing has changed since; only what was right is kept. */
const target = (name: string, of: string, quiet = true): Promise<void> =>
  step(name, 'nx', ['run', `@banso/root:${of}`, '--outputStyle=stream'], quiet)
const jest = (kind: Run, chosen: readonly string[]): Promise<void> =>
  only.length === 0
    ? target(`tests of the ${kind}`, `test:${kind}`, false)
    : step(`tests of the ${kind}`, process.execPath, ['tools/run-jest.ts', kind, ...chosen], false)

rmSync(resultsFolder, { recursive: true, force: true })
mkdirSync(resultsFolder, { recursive: true })

await target('lint and format', 'lint')
await target('types', 'typecheck')
await step('build', 'nx', ['run-many', '-t', 'build', 'bundle'])
await target('migrations', 'check:migrations')

if (partTests.length > 0) await jest('parts', partTests)
if (systemTests.length > 0) await jest('system', systemTests)

const sums = readSums([...(partTests.length > 0 ? ['parts'] : []), ...(systemTests.length > 0 ? ['system'] : [])])
// Where continuous integration runs, Kafka is there: a test that found none has shown nothing.
const kafkaSkips = process.env['CI'] ? sums.skips.filter((title) => /kafka/i.test(title)) : []
if (kafkaSkips.length > 0) failed.push(`${kafkaSkips.length} Kafka tests were skipped`)

for (const title of sums.failures) console.log(`FAILED ${title}`)
for (const title of sums.skips) console.log(`skipped ${title}`)
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`)
console.log(sumLine(sums))
process.exit(failed.length > 0 || sums.failed > 0 ? 1 : 0)
