import { topics } from '@banso/contracts'
import { SystemClock } from '@banso/platform'
import { createLogDatabase, eventually, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { SpoolWriter } from '../src/accept-events/spool-writer.ts'
import { Spool } from '../src/store/spool.ts'
import { basic, IngestionUnderTest } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'
import { track } from './track-call.ts'

const sequence = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `${prefix}-${from + n}`)

/** Takes a database away: connections are cut and refused. */
const allowConnections = async (url: string, allowed: boolean): Promise<void> => {
  const { pathname, href } = new URL(url)
  const name = pathname.slice(1)
  const admin = new pg.Client(href.replace(pathname, '/postgres'))
  await admin.connect()
  try {
    await admin.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS ${allowed}`)
    if (!allowed) await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
  } finally {
    await admin.end()
  }
}

describe('while the log is away', () => {
  let log: TestDatabase
  let ingestion: IngestionUnderTest
  let writeKey: string

  beforeAll(async () => {
    log = await createLogDatabase()
    ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url } })
    writeKey = (await ingestion.source('product')).writeKey
  })
  afterAll(async () => {
    await ingestion?.stop()
    await log?.drop()
  })

  const send = async (...ids: string[]) =>
    expect(
      await ingestion.batch(
        writeKey,
        ids.map((id) => track(id)),
      ),
    ).toMatchObject({ status: 200 })
  const spooled = async (): Promise<number> => {
    const [row] = await ingestion.database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM spool')
    return row?.n ?? -1
  }
  const metric = async (name: string): Promise<number> => {
    const response = await ingestion.text('/metrics')
    return Number(new RegExp(`^${name}\\{.*\\} (.+)$`, 'm').exec(response)?.[1])
  }
  const emptied = () => eventually(async () => expect(await spooled()).toBe(0), { timeoutMs: 25_000 })
  /** Of the first sending of each, the order on the typed topic. */
  const sorted = async (prefix: string): Promise<string[]> => {
    const used = (await ingestion.records(topics.usageEvents.name)).map((record) => String(dataOf(record)['messageId']))
    return used.filter((id) => id.startsWith(`${prefix}-`))
  }
  const sortedAll = (prefix: string, ids: number) =>
    eventually(
      async () => {
        const found = await sorted(prefix)
        if (found.length < ids) throw new Error(`${found.length} of ${ids} are sorted`)
        return found
      },
      { timeoutMs: 25_000 },
    )

  it('events are accepted all the same, and come in order when it is back', async () => {
    await send(...sequence('away', 0, 3))
    await allowConnections(log.url, false)
    for (let n = 3; n < 9; n += 2) await send(...sequence('away', n, n + 2))
    expect(await spooled()).toBeGreaterThan(0)
    await allowConnections(log.url, true)
    await emptied()
    await send(...sequence('away', 9, 12))
    expect(await sortedAll('away', 12)).toEqual(sequence('away', 0, 12))
  })

  it('and events that come while the spool is emptied go behind it', async () => {
    await allowConnections(log.url, false)
    await send(...sequence('behind', 0, 400))
    await send(...sequence('behind', 400, 800))
    await allowConnections(log.url, true)
    for (let n = 800; n < 1_000; n += 1) await send(`behind-${n}`)
    await emptied()
    expect(await sortedAll('behind', 1_000)).toEqual(sequence('behind', 0, 1_000))
  })

  it('or does not answer, they are accepted within the limit, and none is doubled', async () => {
    const [table] = await tablesOf(log.url)
    const blocker = new pg.Client(log.url)
    await blocker.connect()
    await blocker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
    const began = performance.now()
    await send(...sequence('hung', 0, 3))
    expect(performance.now() - began).toBeLessThan(8_000) // SDKs give up after ten seconds
    await send(...sequence('hung', 3, 6))
    await blocker.end()
    await emptied()
    expect(await sortedAll('hung', 6)).toEqual(sequence('hung', 0, 6))
  })

  it('a restart loses nothing of it', async () => {
    await allowConnections(log.url, false)
    await send(...sequence('restart', 0, 5))
    expect(await spooled()).toBe(5)
    expect(await metric('banso_ingestion_spool_age_seconds')).toBeGreaterThan(0)
    expect(await metric('banso_ingestion_spool_events')).toBe(5)
    const restarting = ingestion.restart()
    await allowConnections(log.url, true)
    await restarting
    await emptied()
    expect(await sortedAll('restart', 5)).toEqual(sequence('restart', 0, 5))
  })

  it('and the database too, clients are asked to come again, and known keys stay valid', async () => {
    await allowConnections(log.url, false)
    await allowConnections(ingestion.databaseUrl, false)
    try {
      const answer = await ingestion.batch(writeKey, [track('both-0')])
      expect(answer).toMatchObject({ status: 503, body: { code: 'INTAKE_UNAVAILABLE' } })
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
      const unknown = await ingestion.send('/v1/batch', { batch: [] }, { authorization: basic('unknown') })
      expect(unknown).toMatchObject({ status: 503, body: { code: 'SENDER_UNCHECKED' } })
    } finally {
      await allowConnections(ingestion.databaseUrl, true)
      await allowConnections(log.url, true)
    }
    await emptied()
    await send('both-1')
    await eventually(async () => expect(await sorted('both')).toContain('both-1'), { timeoutMs: 25_000 })
  })

  it('and the database does not answer, no more waits for it than memory has room for', async () => {
    const blocker = new pg.Client(ingestion.databaseUrl)
    await blocker.connect()
    await blocker.query('BEGIN; LOCK TABLE spool IN ACCESS EXCLUSIVE MODE')
    try {
      const writer = new SpoolWriter(ingestion.part(Spool), new SystemClock())
      const record = { key: 'k', value: Buffer.from('{}'), headers: {} }
      await Promise.all([
        expect(writer.add(Array.from({ length: 20_000 }, () => record))).rejects.toThrow('lock timeout'),
        expect(writer.add([record])).rejects.toThrow('too many records wait for the spool already'),
      ])
    } finally {
      await blocker.end()
    }
  })

  it('with the database alone away, events go to the log', async () => {
    await allowConnections(ingestion.databaseUrl, false)
    try {
      await send(...sequence('alone', 0, 3))
    } finally {
      await allowConnections(ingestion.databaseUrl, true)
    }
    expect(await sortedAll('alone', 3)).toEqual(sequence('alone', 0, 3))
  })
})

const tablesOf = async (url: string): Promise<string[]> => {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relname ~ 'record'`,
  )
  await client.end()
  return rows.map(({ name }) => name)
}
