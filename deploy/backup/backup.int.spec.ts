// A real Postgres in a home of its own: copied while it is written to, while it stands, and what is refused.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { appendFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { temporaryHome } from '../drive/temporary-home.ts'
import { connectWhenReady, initialisePostgres, postgresCommand } from '../local/postgres.ts'
import { passwordName, Secrets } from '../local/secrets.ts'
import { Supervisor } from '../local/supervise.ts'
import { restoreBackup } from './restore-backup.ts'
import { takeBackup } from './take-backup.ts'

const folder = temporaryHome('backup')
const home = join(folder.path, 'home')
const backups = join(folder.path, 'backups')
const supervisor = new Supervisor(() => {})
let port = 0

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number }
      server.close(() => resolve(free))
    })
  })

const startOn = async (of: string): Promise<pg.Client> => {
  const password = new Secrets(of).get(passwordName('postgres'))
  await initialisePostgres(join(of, 'postgres'), password)
  const command = await postgresCommand(join(of, 'postgres'), port, join(of, 'postgres.log'))
  supervisor.start('postgres', { kind: 'store', ...command })
  return connectWhenReady(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, 30_000)
}
const stop = async (client: pg.Client): Promise<void> => {
  await client.end()
  await supervisor.stop('postgres', 10_000)
}

const numbersIn = async (client: pg.Client): Promise<number[]> =>
  (await client.query<{ n: number }>('SELECT n FROM note ORDER BY n')).rows.map(({ n }) => n)

let running: pg.Client
beforeAll(async () => {
  mkdirSync(home)
  port = await freePort()
  running = await startOn(home)
  await running.query('CREATE TABLE note (n integer PRIMARY KEY, filler text NOT NULL)')
}, 60_000)
afterAll(async () => {
  await stop(running)
  folder.remove()
})

/** Writes numbers, one transaction each, until told to stop; the highest that is committed. */
const write = (from: number): { highest(): number; stop(): Promise<void> } => {
  let next = from
  const stopping = new AbortController()
  const writing = (async () => {
    while (!stopping.signal.aborted) {
      await running.query('INSERT INTO note VALUES ($1, repeat($2, 2000))', [next, 'x'])
      next += 1
    }
  })()
  return {
    highest: () => next - 1,
    stop: () => {
      stopping.abort()
      return writing
    },
  }
}

describe('a backup of a Postgres that is written to', () => {
  it('has what was committed before, and a beginning of what came meanwhile', async () => {
    const writer = write(1)
    await new Promise((wait) => setTimeout(wait, 300))
    const before = writer.highest()
    const backup = join(backups, 'online')
    const manifest = await takeBackup(home, backup)
    const after = writer.highest()
    await new Promise((wait) => setTimeout(wait, 300))
    await writer.stop()
    expect(writer.highest()).toBeGreaterThan(after)
    expect(manifest).toMatchObject({ online: true, postgres: '18' })
    expect(statSync(backup).mode & 0o077).toBe(0)

    await stop(running)
    const restored = join(folder.path, 'restored')
    await restoreBackup(backup, restored)
    expect(statSync(join(restored, 'secrets')).mode & 0o777).toBe(0o600)
    const client = await startOn(restored)
    const numbers = await numbersIn(client)
    await stop(client)
    running = await startOn(home)
    expect(numbers.length).toBeGreaterThanOrEqual(before)
    expect(numbers.length).toBeLessThanOrEqual(after + 1)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  }, 120_000)
})

describe('a backup of a Postgres that stands', () => {
  it('is restored as it was', async () => {
    const numbers = await numbersIn(running)
    await stop(running)
    const backup = join(backups, 'stopped')
    expect(await takeBackup(home, backup)).toMatchObject({ online: false })
    rmSync(join(home, 'postgres'), { recursive: true })
    await restoreBackup(backup, home)
    running = await startOn(home)
    expect(await numbersIn(running)).toEqual(numbers)
  }, 120_000)
})

describe('what is refused', () => {
  it('a folder that is no home, and one that is in use', async () => {
    await expect(takeBackup(folder.path, join(backups, 'none'))).rejects.toThrow('has no Postgres of its own')
    await expect(takeBackup(home, join(backups, 'stopped'))).rejects.toThrow('is not empty')
    await expect(restoreBackup(join(backups, 'stopped'), home)).rejects.toThrow('has data already')
    await expect(restoreBackup(home, join(folder.path, 'other'))).rejects.toThrow('holds no backup')
  })

  it('a backup with a file that is not what it was, and nothing is left of the attempt', async () => {
    const other = join(folder.path, 'damaged')
    appendFileSync(join(backups, 'stopped/postgres/global/pg_control'), 'x')
    await expect(restoreBackup(join(backups, 'stopped'), other)).rejects.toThrow(
      'postgres/global/pg_control is not what was backed up',
    )
    expect(existsSync(join(other, 'postgres'))).toBe(false)
  })
})
