// A floor that takes its events over HTTP, as a process of its own, like the service that it is the floor of.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from '../drive/wait.ts'
import type { RunningSystem } from '../local/system.ts'

export interface FloorCommand {
  /** Of `floors/`. */
  readonly file: string
  readonly port: number
  readonly args: readonly string[]
  /** Beside where the log is. */
  readonly env?: Readonly<Record<string, string>>
}

const READY_MS = 60_000

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/v1/batch`, { method: 'POST', body: '{"batch":[]}' }).then(
    (answer) => answer.ok,
    () => false,
  )

/** Runs it while `during` runs. */
export const withFloor = async <T>(
  { brokers, databaseUrls }: RunningSystem,
  { file, port, args, env }: FloorCommand,
  during: (url: string, pid: number) => Promise<T>,
): Promise<T> => {
  const floor = spawn(process.execPath, [join(import.meta.dirname, 'floors', file), String(port), ...args], {
    env: { ...process.env, KAFKA_BROKERS: brokers ?? '', BANSO_LOG_DATABASE_URL: databaseUrls.log, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const gone = once(floor, 'exit')
  try {
    const url = `http://127.0.0.1:${port}`
    await until(`${file} to listen`, READY_MS, async () => (await answers(url)) || undefined)
    return await during(url, floor.pid ?? 0)
  } finally {
    floor.kill('SIGTERM')
    await gone
  }
}
