// Keeps processes alive: restarts what dies with a growing pause and says so, stops on demand.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Command, launch, launchStandby } from './launch.ts'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 10_000
/** Exit code of a service that refuses to start until somebody changes something (`startService` of platform). */
const EXIT_REFUSED = 78
/** A process that lived this long starts again with the first pause. */
const STEADY_MS = 60_000

interface Member {
  readonly name: string
  readonly command: Command
  child: ChildProcess
  /** The store's own process id; a service's is its child's. */
  storePid: number | undefined
  stopping: boolean
  /** It says that it cannot start like this: it is not started again. */
  refused: boolean
  /** Why it could not start, in its own words. */
  fault: string | undefined
  deaths: number
  restarts: number
}

export class Supervisor {
  readonly #members = new Map<string, Member>()
  readonly #standbys = new Map<string, ChildProcess>()
  readonly #say: (line: string) => void
  readonly #said = new Set<string>()
  #closed = false

  constructor(say: (line: string) => void) {
    this.#say = say
  }

  /** From now on nothing is started any more. */
  close(): void {
    this.#closed = true
    for (const standby of this.#standbys.values()) standby.kill('SIGKILL')
  }

  /** Keeps a process ready that `startAgain` of this service takes once: it starts three times as fast, and holds 130 MB. */
  standBy(name: string): void {
    const command = this.#members.get(name)?.command
    if (this.#closed || this.#standbys.has(name) || command?.kind !== 'service') return
    const standby = launchStandby(command)
    const forget = (): void => void (this.#standbys.get(name) === standby && this.#standbys.delete(name))
    standby.once('exit', forget).once('error', forget)
    this.#standbys.set(name, standby)
  }

  start(name: string, command: Command): void {
    this.#begin(name, command, () => launch(command))
  }

  #begin(name: string, command: Command, launched: () => ChildProcess): void {
    if (this.#closed) throw new Error(`${name} is not started: everything is being stopped`)
    const member: Member = {
      name,
      command,
      child: launched(),
      storePid: undefined,
      stopping: false,
      refused: false,
      fault: undefined,
      deaths: 0,
      restarts: 0,
    }
    this.#members.set(name, member)
    this.#watch(member, 0)
  }

  /** Starts what was stopped, by the command that it had; a service with further environment, which it keeps. */
  startAgain(name: string, env: Readonly<Record<string, string>> = {}): void {
    const member = this.#members.get(name)
    if (!member?.stopping) throw new Error(`${name} was not stopped`)
    const { command } = member
    const standby = this.#standbys.get(name)
    if (command.kind === 'service' && Object.keys(env).length > 0) {
      this.start(name, { ...command, env: { ...command.env, ...env } })
      if (standby !== undefined) this.#standByAnew(name, standby)
    } else if (standby === undefined) this.start(name, command)
    else this.#begin(name, command, () => this.#wake(name, standby))
  }

  /** An environment is given to a process when it is made: what stands by has that of before. */
  #standByAnew(name: string, standby: ChildProcess): void {
    this.#standbys.delete(name)
    standby.kill('SIGKILL')
    this.standBy(name)
  }

  #wake(name: string, standby: ChildProcess): ChildProcess {
    this.#standbys.delete(name)
    standby.send('start')
    return standby
  }

  /** Process id of a service or store, for tests and for whoever looks for it. */
  pid(name: string): number | undefined {
    const member = this.#members.get(name)
    return member?.command.kind === 'store' ? member.storePid : member?.child.pid
  }

  restarts(name: string): number {
    return this.#members.get(name)?.restarts ?? 0
  }

  /** Rejects when the process has died so often since its first start, or once when that is of no use, or is stopped. */
  async died(name: string, times = 1): Promise<never> {
    const member = this.#members.get(name)
    if (!member) throw new Error(`${name} was not started`)
    while (member.deaths < times && !member.refused) {
      if (member.stopping) throw new Error(`${name} was stopped`)
      if (runs(member.child)) await once(member.child, 'exit')
      await sleep(FIRST_PAUSE_MS)
    }
    const { log } = member.command
    const what = `${name} ${member.refused ? 'cannot start' : 'ended while starting'}`
    throw new Error(
      member.fault === undefined ? `${what}. ${lastWords(log)}` : `${what}: ${member.fault}\nIts log: ${log}`,
    )
  }

  /** A service that is started again says the same again. */
  #sayOnce(line: string): void {
    if (this.#said.has(line)) return
    this.#said.add(line)
    this.#say(line)
  }

  #refused(member: Member): void {
    member.deaths += 1
    member.refused = true
    if (!member.stopping && !this.#closed) this.#say(`${member.name} cannot start like this, and is not started again`)
  }

  #watch(member: Member, failures: number): void {
    const { child, name } = member
    const born = Date.now()
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null) return
      if ('pid' in message && typeof message.pid === 'number') member.storePid = message.pid
      if ('warning' in message) this.#sayOnce(`${name}: ${String(message.warning)}`)
      if (!('fault' in message)) return
      member.fault = String(message.fault)
      if (member.command.kind === 'store') this.#say(`${name}: ${member.fault}`)
    })
    const died = (how: string): void => {
      member.deaths += 1
      member.storePid = undefined
      if (!member.stopping) this.#startLater(member, Date.now() - born > STEADY_MS ? 0 : failures, how)
    }
    child.once('exit', (code, signal) => {
      if (code === EXIT_REFUSED) return this.#refused(member)
      // A keeper that was killed leaves its store running, beside which no other can start.
      if (signal !== null && member.storePid !== undefined) signalTo(member.storePid, stopSignalOf(member.command))
      died(signal ?? `exit code ${code}`)
    })
    child.on('error', (fault) => {
      if (child.pid === undefined) died(fault.message)
    })
  }

  #startLater(member: Member, failures: number, how: string): void {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS)
    this.#say(`${member.name} died (${how}); starting it again in ${pause} ms. Log: ${member.command.log}`)
    setTimeout(() => {
      if (member.stopping) return
      try {
        member.child = launch(member.command)
      } catch (fault) {
        return this.#startLater(member, failures + 1, fault instanceof Error ? fault.message : String(fault))
      }
      member.restarts += 1
      this.#watch(member, failures + 1)
    }, pause)
  }

  /** SIGTERM, then SIGKILL after the grace time. Resolves when it is gone; of what did not end well, says its last words. */
  async stop(name: string, graceMs: number): Promise<void> {
    const member = this.#members.get(name)
    if (!member) return
    member.stopping = true
    const { child, command } = member
    if (!runs(child)) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    const late = await Promise.race([gone.then(() => false), sleep(graceMs, true, { ref: false })])
    if (!late) {
      if (command.kind === 'service' && child.exitCode !== null && child.exitCode !== 0)
        this.#say(`${name} stopped with exit code ${child.exitCode}. ${lastWords(command.log)}`)
      return
    }
    this.#say(`${name} did not stop within ${(graceMs / 1000).toFixed(1)} s and is killed. ${lastWords(command.log)}`)
    if (member.storePid !== undefined) signalTo(member.storePid, 'SIGKILL')
    child.kill('SIGKILL')
    await gone
  }
}

const runs = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null

const stopSignalOf = (command: Command): NodeJS.Signals => (command.kind === 'store' ? command.stopSignal : 'SIGTERM')

const signalTo = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch {
    // already gone
  }
}

const LOG_END_CHARACTERS = 2000

const lastWords = (log: string): string => {
  const text = existsSync(log) ? readFileSync(log, 'utf8') : ''
  return `The end of its log, ${log}:\n${text.slice(-LOG_END_CHARACTERS).trim()}`
}
