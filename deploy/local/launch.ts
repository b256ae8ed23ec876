// How a process of the system is started.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreCommand } from './keeper.ts'

export interface ServiceCommand {
  readonly kind: 'service'
  readonly directory: string
  readonly env: Record<string, string>
  readonly log: string
}

export type Command = ServiceCommand | ({ readonly kind: 'store' } & StoreCommand)

/**
 * New objects of a service get 4 MB, and as much again to be copied to, in place of 16: five idle services hold 300 MB less,
 * and a busy one collects them more often (docs/see-it-work.md).
 */
const NODE_OPTIONS = ['--import', import.meta.resolve('./preload.mjs'), '--max-semi-space-size=4']

export const launch = (command: Command): ChildProcess => {
  if (command.kind === 'service') return launchService(command, 'dist/main.js')
  const { kind: _, ...store } = command
  return fork(join(import.meta.dirname, 'keeper.ts'), [JSON.stringify(store)], { detached: true })
}

/** Becomes the service by any message. */
export const launchStandby = (command: ServiceCommand): ChildProcess =>
  launchService(command, join(import.meta.dirname, 'standby.mjs'))

// detached: a Ctrl-C in the terminal reaches the launcher alone, which then stops the rest in order
const launchService = ({ directory, env, log: file }: ServiceCommand, program: string): ChildProcess => {
  const log = openSync(file, 'a')
  const child = spawn(process.execPath, [...NODE_OPTIONS, program], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  })
  closeSync(log) // the child has its own
  return child
}
