// The faults, their order from a seed, and how each is done to one process and seen to have happened.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '../drive/random.ts'
import { until } from '../drive/wait.ts'
import type { Supervisor } from '../local/supervise.ts'

export interface Fault {
  /** `restart` and `crash` happen to containers. */
  readonly kind: 'kill' | 'stop' | 'restart' | 'crash'
  readonly victim: string
}

/** Longer than the log's session timeout of 10 s: the group has moved on when the victim wakes up. */
const STOPPED_MS = 13_000
const RESTARTED_WITHIN_MS = 60_000

/** The faults in an order drawn from `random`. */
export const shuffle = (faults: readonly Fault[], random: () => number): Fault[] =>
  faults
    .map((fault) => ({ fault, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ fault }) => fault)

/** Every kind in turn, each round shuffled by the seed: `count` faults, none left out before all had their turn. */
export const planFaults = (count: number, seed: number, kafka: boolean): Fault[] => {
  const random = seeded(seed)
  const consumers = ['health', 'playbooks', 'ingestion', 'journeys']
  const plan: Fault[] = []
  for (let round = 0; plan.length < count; round += 1) {
    const kinds: Fault[] = [
      { kind: 'kill', victim: 'ingestion' },
      { kind: 'kill', victim: 'accounts' },
      { kind: 'kill', victim: 'health' },
      { kind: 'kill', victim: 'journeys' },
      { kind: 'kill', victim: 'playbooks' },
      { kind: 'kill', victim: 'postgres' },
      ...(kafka ? [{ kind: 'kill' as const, victim: 'kafka' }] : []),
      { kind: 'stop', victim: consumers[round % consumers.length] ?? 'health' },
    ]
    plan.push(...shuffle(kinds, random))
  }
  return plan.slice(0, count)
}

// Places in `/proc/<pid>/stat` after the name of the program.
const STATE = 0
const START_TIME = 19

const statOf = (pid: number): string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

/** Start time of a process in clock ticks since boot: another one is another process. */
const startTimeOf = (pid: number): string | undefined => statOf(pid)[START_TIME]

const livePid = (supervisor: Supervisor, victim: string): number => {
  const pid = supervisor.pid(victim)
  if (pid === undefined) throw new Error(`${victim} has no process`)
  return pid
}

/** Does it, and returns when it is seen to have happened: a killed victim runs again with another start time. */
export const inflict = async (fault: Fault, supervisor: Supervisor): Promise<void> => {
  const pid = livePid(supervisor, fault.victim)
  const before = startTimeOf(pid)
  if (fault.kind === 'stop') {
    process.kill(pid, 'SIGSTOP')
    await sleep(STOPPED_MS)
    const [stopped, started] = [statOf(pid)[STATE], startTimeOf(pid)]
    process.kill(pid, 'SIGCONT')
    if (stopped !== 'T' || started !== before) throw new Error(`${fault.victim} was not stopped all the time`)
    return
  }
  process.kill(pid, 'SIGKILL')
  await until(`${fault.victim} to run again`, RESTARTED_WITHIN_MS, async () => {
    const now = supervisor.pid(fault.victim)
    const started = now === undefined ? undefined : startTimeOf(now)
    return started !== undefined && started !== before ? started : undefined
  })
}
