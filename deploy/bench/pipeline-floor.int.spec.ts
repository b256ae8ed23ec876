import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDatabase, type TestDatabase } from '@banso/testing'
import type { EventLog } from '@banso/messaging'
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { Capture } from '../drive/capture.ts'
import { Desk } from '../drive/desk.ts'
import { Probes } from '../drive/probes.ts'
import { type Receiver, startReceiver } from '../drive/receiver.ts'
import { FLOOR_RECEIVED, startBarePipeline } from './floors/bare-pipeline.ts'
import type { BareServer } from './floors/bare-server.ts'
import { openLog } from './open-log.ts'
import { runRound } from './pipeline-round.ts'
import { endOf } from './progress.ts'

const LOAD = { eventsPerSecond: 200, seconds: 2 }

describe('the floor of the pipeline, under its load', () => {
  let databases: readonly [log: TestDatabase, own: TestDatabase]
  let receiver: Receiver
  let probes: Probes | undefined
  let log: EventLog
  let floor: BareServer

  beforeAll(async () => {
    databases = [await createDatabase(), await createDatabase()]
    receiver = await startReceiver(0, (arrival) => probes?.arrived(arrival))
    const [logDatabaseUrl, databaseUrl] = [databases[0].url, databases[1].url]
    const secret = randomBytes(24).toString('base64')
    receiver.trust(secret)
    const webhook = { url: receiver.url, secret }
    floor = await startBarePipeline({ port: 0, brokers: undefined, logDatabaseUrl, databaseUrl, webhook })
    log = openLog(undefined, logDatabaseUrl)
  }, 60_000)
  afterAll(async () => {
    await floor?.close()
    await log?.close()
    await receiver?.close()
    for (const database of databases) await database.drop()
  })

  it('takes what the product takes, and does what it does', async () => {
    const { url } = floor
    probes = new Probes(new Desk(url, 'desk', ''))
    for (let made = 0; made < 20; made += 1) probes.add(`account-${made}`, `account-${made}`)
    const side = { capture: new Capture(url, ''), probes, cpu: () => ({}), end: () => endOf(log, FLOOR_RECEIVED.name) }
    const round = await runRound(side, LOAD)
    expect(round.answers.length).toBeGreaterThan(5)
    expect(round.answers.every(({ latency }) => latency !== undefined && latency >= 0)).toBe(true)
    expect(round.accepted).toBeGreaterThan(LOAD.eventsPerSecond)
    expect(round.appended).toBe(round.accepted)
    expect(receiver.refused).toBe(0)

    const database = new pg.Client(databases[1].url)
    await database.connect()
    const { rows } = await database.query(
      'SELECT (SELECT sum(count) FROM floor_usage)::int AS uses, (SELECT count(*) FROM floor_run)::int AS runs',
    )
    await database.end()
    expect(rows).toEqual([{ uses: round.accepted - round.answers.length, runs: round.answers.length }])
  })
})
