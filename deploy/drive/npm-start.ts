// What `npm start` runs, as a process: for tests of what an operator sees.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from './wait.ts'

const STARTED_WITHIN_MS = 90_000

export class NpmStart {
  readonly child: ChildProcess
  #output = ''

  /** `env` comes on top of ours; a Kafka that ours names is left out. */
  constructor(env: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.child = spawn(process.execPath, [join(import.meta.dirname, '../local/start.ts'), ...args], {
      env: { ...process.env, KAFKA_BROKERS: '', NODE_OPTIONS: '', ...env },
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()))
  }

  get output(): string {
    return this.#output
  }

  /** The `curl` line that it prints when everything is ready; rejects when it ends before. */
  async curl(): Promise<string> {
    const line = await until('the curl line', STARTED_WITHIN_MS, async () =>
      this.child.exitCode === null ? /^ {2}(curl .*)$/m.exec(this.#output)?.[1] : '',
    )
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

  /** Ctrl-C; its exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGINT')
    return this.ended()
  }
}
