// `npm run bench -- memory`: what a system that `npm start` started holds when nothing happens, all its processes together.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { addressesOf, portsFrom } from '../local/ports.ts'
import { services } from '../local/secrets.ts'

export interface MemoryOptions {
  readonly portBase: number
  /** Nothing happens for so long before it is looked at. */
  readonly idleSeconds: number
  readonly say: (line: string) => void
}

export interface MemoryResult {
  log: 'embedded'
  idleSeconds: number
  processes: number
  /** Sum of Pss: a page that several share counts once. MB of 10^6 bytes. */
  pssMb: number
  /** Of each Node process, and of Postgres with all its own, in MB. */
  byName: Record<string, number>
  kept: boolean
}

const MOST_MB = 800
const READY_MS = 120_000

interface Held {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly bytes: number
}

const parentOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** Each service runs in its own folder; Postgres and its keeper count as one. */
const nameOf = (pid: number): string => {
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  if (command.includes('postgres')) return 'postgres'
  return command.includes('start.ts') ? 'start' : basename(readlinkSync(`/proc/${pid}/cwd`))
}

const heldBy = (pid: number): Held | undefined => {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kilobytes = Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0)
    return { pid, parent: parentOf(pid), name: nameOf(pid), bytes: kilobytes * 1024 }
  } catch {
    return undefined // gone meanwhile
  }
}

const descendantsOf = (root: number): Held[] => {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => heldBy(Number(name)) ?? [])
  const found = new Set([root])
  for (let grown = 0; grown < found.size;) {
    grown = found.size
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid)
  }
  return all.filter(({ pid }) => found.has(pid))
}

const megabytes = (held: readonly Held[]): number =>
  Math.round(held.reduce((all, { bytes }) => all + bytes, 0) / 100_000) / 10

const isReady = async (portBase: number): Promise<boolean> => {
  const addresses = addressesOf(portsFrom(portBase))
  const answers = services.map((service) =>
    fetch(`${addresses[service]}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  )
  return (await Promise.all(answers)).every(Boolean)
}

export const runMemory = async ({ portBase, idleSeconds, say }: MemoryOptions): Promise<MemoryResult> => {
  const home = temporaryHome('memory')
  const system = spawn(process.execPath, [join(import.meta.dirname, '../local/start.ts')], {
    env: { ...process.env, BANSO_HOME: home.path, BANSO_PORT_BASE: String(portBase), KAFKA_BROKERS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const gone = once(system, 'exit')
  try {
    await until('the system to be ready', READY_MS, async () => (await isReady(portBase)) || undefined)
    say(`idle for ${idleSeconds} s`)
    await sleep(idleSeconds * 1000)
    const held = descendantsOf(system.pid ?? 0)
    const pssMb = megabytes(held)
    const byName = Object.fromEntries(
      [...Map.groupBy(held, ({ name }) => name)].map(([name, of]) => [name, megabytes(of)]),
    )
    return { log: 'embedded', idleSeconds, processes: held.length, pssMb, byName, kept: pssMb < MOST_MB }
  } finally {
    system.kill('SIGTERM')
    await gone
    home.remove()
  }
}
