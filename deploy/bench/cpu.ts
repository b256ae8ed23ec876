import { readdirSync, readFileSync } from 'node:fs'
import type { Supervisor } from '../local/supervise.ts'

/** Linux: clock ticks per second of `/proc/<pid>/stat`. */
const TICKS_PER_SECOND = 100

const statOf = (pid: number): { parent: number; seconds: number } | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])
    return { parent: Number(fields[1]), seconds: ticks / TICKS_PER_SECOND }
  } catch {
    return undefined
  }
}

const allProcesses = (): (readonly [pid: number, { parent: number; seconds: number }])[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = statOf(Number(name))
      return stat ? [[Number(name), stat] as const] : []
    })

/** CPU seconds so far of a process with its children. */
export const cpuOfTree = (pid: number, all = allProcesses()): number =>
  all.filter(([id, { parent }]) => id === pid || parent === pid).reduce((sum, [, { seconds }]) => sum + seconds, 0)

/** CPU seconds so far of each named process with its children (a Postgres has one per connection). */
export const cpuOf = (supervisor: Supervisor, names: readonly string[]): Record<string, number> => {
  const all = allProcesses()
  return Object.fromEntries(
    names.flatMap((name) => {
      const pid = supervisor.pid(name)
      if (pid === undefined) return []
      return [[name, cpuOfTree(pid, all)]]
    }),
  )
}

export const since = (before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(now).map(([name, seconds]) => [name, round(seconds - (before[name] ?? 0))]))

const round = (seconds: number): number => Math.round(seconds * 10) / 10
