// A real Prometheus, where this machine has one, and its tool.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'

const answers = (command: string): boolean => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0

export const hasPrometheus = answers('prometheus')
export const hasPromtool = answers('promtool')

export interface Checked {
  readonly status: number | null
  readonly output: string
}

export const promtool = (args: readonly string[], input = ''): Checked => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
}

export interface Prometheus {
  /** Of an instant query; throws what Prometheus says of one that it refuses. */
  query(expr: string): Promise<readonly Sample[]>
  /** `data` of a path of its API. */
  get<T>(path: string): Promise<T>
  close(): Promise<void>
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Runs with this configuration file, its data in a throw-away folder. */
export const startPrometheus = async (configFile: string): Promise<Prometheus> => {
  const home = temporaryHome('prometheus')
  const address = `127.0.0.1:${await freePort()}`
  const child = spawn(
    'prometheus',
    [`--config.file=${configFile}`, `--storage.tsdb.path=${home.path}`, `--web.listen-address=${address}`],
    { stdio: 'ignore' },
  )
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`http://${address}/api/v1/${path}`)
    const { status, error, data } = (await answer.json()) as { status: string; error?: string; data: T }
    if (status !== 'success') throw new Error(error ?? status)
    return data
  }
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    home.remove()
  }
  try {
    await until('Prometheus is ready', 30_000, async () => {
      if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}`)
      const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined)
      return answer?.ok ? true : undefined
    })
  } catch (fault) {
    await close()
    throw fault
  }
  const query = async (expr: string): Promise<readonly Sample[]> =>
    (await get<{ result: readonly Sample[] }>(`query?query=${encodeURIComponent(expr)}`)).result
  return { query, get, close }
}
