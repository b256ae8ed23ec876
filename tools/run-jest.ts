// `node tools/run-jest.ts parts|system [project …]`: Jest over these projects, or all of the kind, its results kept for the sums.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import config from '../jest.config.ts'
import { makeMemoryFolder } from './memory-folder.ts'
import { resultsFolder } from './test-sums.ts'

export type Run = 'parts' | 'system'

const root = join(import.meta.dirname, '..')

export const allProjects = config.projects.map((project) =>
  typeof project === 'object' ? String(project['displayName']) : project,
)

export const projectsOf = (run: Run, among: readonly string[] = allProjects): string[] =>
  among.filter((name) => name.endsWith(':e2e') === (run === 'system'))

const environment = (memoryFolder: string | undefined): Record<string, string> => ({
  ...(memoryFolder && { TMPDIR: memoryFolder }),
  // nx asks for colours wherever it runs: a file has no use for them.
  FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
  // Services are started some hundred times: what V8 made of their code is kept, which costs them memory.
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/banso-compiled'),
  // A broker of a test lives for less than its second compiler takes to be worth its while.
  JAVA_TOOL_OPTIONS: `-XX:TieredStopAtLevel=1 ${process.env['JAVA_TOOL_OPTIONS'] ?? ''}`.trim(),
})

/** Tests of the parts wait for much, so that three fill two cores; a system fills them by itself. */
const WORKERS = { parts: 3, system: 2 } as const satisfies Record<Run, number>

const runJest = async (run: Run, chosen: readonly string[]): Promise<number> => {
  mkdirSync(resultsFolder, { recursive: true })
  const memoryFolder = makeMemoryFolder(process.env['TMPDIR'])
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${join(resultsFolder, `${run}.json`)}`,
      '--workerIdleMemoryLimit=600MB',
      `--maxWorkers=${WORKERS[run]}`,
      '--selectProjects',
      ...chosen,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment(memoryFolder) } },
  )
  const code = await ended(jest)
  // Stores of a run that was cut off may still be stopping in there.
  if (memoryFolder) await rm(memoryFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  return code
}

/** We outlive Jest, whatever we are told meanwhile: nobody else takes the folder in memory away. */
const ended = async (jest: ChildProcess): Promise<number> => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => jest.kill(signal))
  const [code] = (await once(jest, 'close')) as [number | null]
  return code ?? 1
}

if (import.meta.main) {
  const [run = '', ...chosen] = process.argv.slice(2)
  if (run !== 'parts' && run !== 'system')
    throw new RangeError('usage: node tools/run-jest.ts parts|system [project …]')
  process.exit(await runJest(run, chosen.length > 0 ? chosen : projectsOf(run)))
}
