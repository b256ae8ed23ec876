import { EmbeddedEventLog, type Timer, type Transactions, type Work } from '@banso/messaging'
import { topics } from '@banso/contracts'
import { migrate } from '@banso/platform'
import {
  createLogDatabase,
  createMigratedDatabase,
  ManualClock,
  recordOf,
  type TestDatabase,
  ticketOpened,
} from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { DataSource } from 'typeorm'
import type { PlaybookDocument, Schedule } from '../domain/document.ts'
import { LocalTime } from '../domain/local-time.ts'
import type { Occasion } from '../domain/occasion.ts'
import { type PlaybookAtHand, PlaybooksAtHand } from '../domain/playbooks-at-hand.ts'
import { Occasions } from '../domain/ports.ts'
import { AccountFactsOf } from '../store/account-facts-of.ts'
import { dataSourceOptions } from '../store/data-source.ts'
import { Schedules } from '../store/schedules.ts'
import { FireSchedules } from './fire-schedules.timer.ts'
import { OfferAccounts } from './offer-accounts.ts'
import { SchedulePlaybooks } from './schedule-playbooks.ts'

const ACCOUNTS = 1_250
const MONDAY = new Date('2026-03-02T00:00:00.000Z')
const tokyo = new LocalTime('Asia/Tokyo')

const playbook = (name: string, every: Schedule['every'], at: string, enabled = true): PlaybookAtHand => {
  const document: PlaybookDocument = {
    enabled,
    mode: 'active',
    trigger: { on: 'schedule', every, at },
    dedupe: 'account',
    selling: false,
    steps: [],
  }
  return { name, version: 1, document }
}

/** The engine's side of the port: keeps what it is offered with the transaction, and fails when it is told to. */
class OfferedOccasions extends Occasions {
  failAt = Number.POSITIVE_INFINITY
  pages = 0

  override capsOf(): [] {
    return []
  }

  override async offer({ tx }: Work, occasions: readonly Occasion[]): Promise<void> {
    this.pages += 1
    if (this.pages === this.failAt) throw new Error('the process dies')
    await tx.query(`INSERT INTO offered SELECT * FROM unnest($1::text[])`, [occasions.map(({ id }) => id)])
  }
}

class Given extends PlaybooksAtHand {
  stored: readonly PlaybookAtHand[] = []
  override async find(_tx: unknown, name: string): Promise<PlaybookAtHand | undefined> {
    return this.stored.find((one) => one.name === name)
  }
  override async exists(_tx: unknown, name: string): Promise<boolean> {
    return this.stored.some((one) => one.name === name)
  }
  override async all(): Promise<readonly PlaybookAtHand[]> {
    return this.stored
  }
}

describe('schedules of playbooks', () => {
  const given = new Given()
  const clock = new ManualClock()
  let database: TestDatabase
  let logDatabase: TestDatabase
  let log: EmbeddedEventLog
  let source: DataSource
  let offered: OfferedOccasions
  let fire: FireSchedules

  beforeAll(async () => {
    database = await createMigratedDatabase('playbooks', (url) => migrate(dataSourceOptions(url)))
    source = await new DataSource(dataSourceOptions(database.url)).initialize()
    logDatabase = await createLogDatabase()
    log = new EmbeddedEventLog({ url: logDatabase.url })
    await log.ensureTopics([
      topics.profiles,
      topics.scores,
      topics.healthChanges,
      topics.journeyProgress,
      topics.tickets,
    ])
    await source.query(`CREATE TABLE offered (id text)`)
    await source.query(`INSERT INTO account SELECT gen_random_uuid() FROM generate_series(1, $1::int)`, [ACCOUNTS])
  })
  afterAll(async () => {
    await log?.close()
    await source?.destroy()
    await database?.drop()
    await logDatabase?.drop()
  })
  beforeEach(async () => {
    await source.query('TRUNCATE offered, playbook_schedule, timer, consumer_progress')
    clock.set(MONDAY)
    offered = new OfferedOccasions()
    const schedules = new Schedules()
    const [schedule, facts] = [new SchedulePlaybooks(schedules, tokyo), new AccountFactsOf(tokyo)]
    const accounts = new OfferAccounts(source, transactions, schedules, facts, offered, tokyo)
    fire = new FireSchedules({
      database: source,
      log,
      transactions,
      timers: { register: () => {} },
      clock,
      local: tokyo,
      playbooks: given,
      schedules,
      schedule,
      accounts,
    })
  })

  const transactions: Transactions = {
    run: <R>(_keys: readonly string[], run: (work: Work) => Promise<R>) =>
      source.transaction((tx) =>
        run({
          tx,
          now: clock.now(),
          publish: () => {},
          schedule: () => {},
          cancelTimer: () => {},
        }),
      ),
  }

  const start = async (...playbooks: readonly PlaybookAtHand[]) => {
    given.stored = playbooks
    await fire.onApplicationBootstrap()
  }
  const timerOf = async (name: string): Promise<Timer | undefined> => {
    const [timer] = await source.query<Timer[]>(
      `SELECT id, key, kind, due_at AS "dueAt", payload, attempts FROM timer WHERE id = $1`,
      [`schedule/${name}`],
    )
    return timer
  }
  const dueAt = async (name: string) => (await timerOf(name))?.dueAt.toISOString()

  /** As the timers do: perform, settle, set anew or delete. */
  const fired = async (name: string): Promise<void> => {
    const timer = await timerOf(name)
    if (timer === undefined) throw new Error('no timer')
    const result = await fire.perform(timer, new AbortController().signal)
    const next = await transactions.run([], (work) => fire.settle(timer, result, work))
    if (next === 'fired') await source.query(`DELETE FROM timer WHERE id = $1`, [timer.id])
    else
      await source.query(`UPDATE timer SET due_at = $2, payload = $3 WHERE id = $1`, [
        timer.id,
        next.again,
        next.payload,
      ])
  }
  const counts = async () => {
    const [row] = await source.query<{ all: number; distinct: number }[]>(
      `SELECT count(*)::int AS all, count(DISTINCT id)::int AS distinct FROM offered`,
    )
    return row
  }

  it('are due by the clock of the installation, and keep their timer when nothing changed', async () => {
    await start(playbook('weekly', ['tuesday'], '09:00'), playbook('daily', 'day', '08:00'))
    expect(await dueAt('weekly')).toBe('2026-03-03T00:00:00.000Z')
    expect(await dueAt('daily')).toBe('2026-03-02T23:00:00.000Z')
    clock.set('2026-03-10T12:00:00.000Z')
    await start(playbook('weekly', ['tuesday'], '09:00'), playbook('daily', 'day', '10:00'))
    expect(await dueAt('weekly')).toBe('2026-03-03T00:00:00.000Z')
    expect(await dueAt('daily')).toBe('2026-03-11T01:00:00.000Z')
  })

  it('end with the schedule of the playbook, or when it is switched off', async () => {
    await start(playbook('daily', 'day', '09:00'))
    await start(playbook('daily', 'day', '09:00', false))
    clock.set('2026-03-03T00:00:05.000Z')
    await fired('daily')
    expect(await timerOf('daily')).toBeUndefined()
    expect(await counts()).toEqual({ all: 0, distinct: 0 })
  })

  it('offer each account once, page by page, and come again', async () => {
    await start(playbook('daily', 'day', '09:00'))
    clock.set('2026-03-03T00:00:05.000Z')
    await fired('daily')
    expect(await counts()).toEqual({ all: ACCOUNTS, distinct: ACCOUNTS })
    expect(offered.pages).toBe(3)
    expect(await dueAt('daily')).toBe('2026-03-04T00:00:00.000Z')
    const [first] = await source.query<{ id: string }[]>(`SELECT id FROM offered ORDER BY id LIMIT 1`)
    expect(first?.id).toMatch(/^daily\/2026-03-03T00:00:00\.000Z\/[0-9a-f-]{36}$/)
  })

  it('go on after a crash in the middle without doubling or leaving out an account', async () => {
    await start(playbook('daily', 'day', '09:00'))
    clock.set('2026-03-03T00:00:05.000Z')
    offered.failAt = 2
    await expect(fired('daily')).rejects.toThrow('the process dies')
    expect(await counts()).toEqual({ all: 500, distinct: 500 })
    await fired('daily')
    expect(await counts()).toEqual({ all: ACCOUNTS, distinct: ACCOUNTS })
  })

  it('are fired once by two processes at once', async () => {
    await start(playbook('daily', 'day', '09:00'))
    clock.set('2026-03-03T00:00:05.000Z')
    await Promise.all([fired('daily'), fired('daily')])
    expect(await counts()).toEqual({ all: ACCOUNTS, distinct: ACCOUNTS })
  })

  it('come once, with the newest time, for all that was missed while away', async () => {
    await start(playbook('daily', 'day', '09:00'))
    clock.set('2026-03-07T12:00:00.000Z')
    await fired('daily')
    expect(await counts()).toEqual({ all: ACCOUNTS, distinct: ACCOUNTS })
    const [first] = await source.query<{ id: string }[]>(`SELECT id FROM offered LIMIT 1`)
    expect(first?.id).toContain('daily/2026-03-07T00:00:00.000Z/')
    expect(await dueAt('daily')).toBe('2026-03-08T00:00:00.000Z')
  })

  it('wait until what was in the log has been handled, and no longer', async () => {
    await start(playbook('daily', 'day', '09:00'))
    clock.set('2026-03-03T00:00:05.000Z')
    const [record, later] = [recordOf(ticketOpened()), recordOf(ticketOpened())]
    await log.append([record])
    await fired('daily')
    expect(await counts()).toEqual({ all: 0, distinct: 0 })
    expect(await dueAt('daily')).toBe('2026-03-03T00:00:07.000Z')
    await log.append([later])
    await source.query(
      `INSERT INTO consumer_progress (group_name, topic, partition, next_offset, log_id, epoch)
       VALUES ('playbooks', $1, $2, 1, 'log', 0)`,
      [record.topic, record.partition],
    )
    await fired('daily')
    expect(await counts()).toEqual({ all: ACCOUNTS, distinct: ACCOUNTS })
  })
})
