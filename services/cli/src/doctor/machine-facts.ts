// What can be seen on this machine: its Node, the data folder, the disk below it, the secrets in it, its Postgres.
import { readFileSync, statfsSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { nodeVersion, parseSecrets, type Settings } from '../config.ts'

export interface SecretsFile {
  readonly file: string
  /** Permission bits. */
  readonly mode: number
  readonly values: ReadonlyMap<string, string>
}

export interface MachineFacts {
  /** `v24.1.0` */
  readonly node: string
  readonly home: string | null
  /** Bytes on the disk of the home; null without one. */
  readonly freeBytes: number | null
  readonly secrets: SecretsFile | null
  readonly tokens: ReadonlyMap<string, string>
  /** The Postgres whose data lie in the home; null: none do, or it was stopped. */
  readonly postgres: { readonly port: number; readonly listens: boolean } | null
}

const CONNECT_WITHIN_MS = 2_000

const listens = (port: number): Promise<boolean> =>
  new Promise((answered) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: CONNECT_WITHIN_MS })
    const done = (answer: boolean): void => {
      socket.destroy()
      answered(answer)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
    socket.once('timeout', () => done(false))
  })

const textOf = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // not there, or not ours to read
  }
}

const secretsIn = (home: string): SecretsFile | null => {
  const file = join(home, 'secrets')
  const text = textOf(file)
  return text === undefined ? null : { file, mode: statSync(file).mode & 0o777, values: parseSecrets(text) }
}

/** A running Postgres writes its port into the fourth line of this file. */
const postgresIn = async (home: string): Promise<MachineFacts['postgres']> => {
  const port = Number(textOf(join(home, 'postgres/postmaster.pid'))?.split('\n')[3])
  return Number.isInteger(port) && port > 0 ? { port, listens: await listens(port) } : null
}

export const readMachine = async ({ home, tokens }: Settings): Promise<MachineFacts> => {
  if (home === null) return { node: nodeVersion, home, freeBytes: null, secrets: null, tokens, postgres: null }
  const { bavail, bsize } = statfsSync(home)
  return {
    node: nodeVersion,
    home,
    freeBytes: bavail * bsize,
    secrets: secretsIn(home),
    tokens,
    postgres: await postgresIn(home),
  }
}
