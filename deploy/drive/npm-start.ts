// `npm start` as a process: for tests of what an operator sees.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { until } from './wait.ts'

const local = join(import.meta.dirname, '../local')
const STARTED_WITHIN_MS = 90_000

type Environment = Readonly<Record<string, string>>

/** As a shell has it: without what npm sets for the command that runs this, its Node included. */
const ofAShell = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => !/node_modules|node-gyp-bin/.test(folder))
  const own = Object.entries(env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE$)/i.test(name))
  return { ...Object.fromEntries(own), PATH: folders.join(delimiter) }
}

export class NpmStart {
  readonly child: ChildProcess
  readonly #byNpm: boolean
  #output = ''

  /**
   * `env` comes on top of ours; a Kafka that ours names is left out. What `npm start` runs in the end, of this checkout as it
   * is built; with a `checkout`, `npm start` itself in that folder, as from a shell.
   */
  constructor(env: Environment, args: readonly string[] = [], checkout?: string) {
    const given = { ...process.env, KAFKA_BROKERS: '', NODE_OPTIONS: '', ...env }
    this.#byNpm = checkout !== undefined
    this.child =
      checkout === undefined
        ? spawn(process.execPath, ['--import', join(local, 'preload.mjs'), join(local, 'start.ts'), ...args], {
            env: given,
          })
        : spawn('npm', ['start', '--', ...args], { cwd: checkout, env: ofAShell(given), detached: true })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
  }

  get output(): string {
    return this.#output
  }

  /** The `curl` line that it prints when everything is ready; rejects when it ends before, or takes longer. */
  async curl(withinMs = STARTED_WITHIN_MS): Promise<string> {
    const line = await until('the curl line', withinMs, async () =>
      this.child.exitCode === null ? /^ {2}(curl .*)$/m.exec(this.#output)?.[1] : '',
    ).catch((fault: unknown) => {
      throw new Error(`npm start does not serve:\n${this.#output}`, { cause: fault })
    })
    if (line === '') throw new Error(`npm start ended:\n${this.#output}`)
    return line
  }

  async writeKey(): Promise<string> {
    return /-u '([^:]+):'/.exec(await this.curl())?.[1] ?? ''
  }

  /** Its exit code. */
  async ended(): Promise<number | null> {
    const { exitCode, signalCode } = this.child
    if (exitCode === null && signalCode === null) await once(this.child, 'close')
    return this.child.exitCode
  }

  /** Ctrl-C, which a terminal sends to all that it runs; the exit code. */
  async stop(): Promise<number | null> {
    const { pid, exitCode, signalCode } = this.child
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(this.#byNpm ? -pid : pid, 'SIGINT')
    return this.ended()
  }
}
