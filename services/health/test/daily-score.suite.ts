import { topicList, topics } from '@banso/contracts'
import { EmbeddedEventLog, partitionOf, type Timer, type TimerResult, type Transactions } from '@banso/messaging'
import {
  createDatabase,
  createLogDatabase,
  ManualClock,
  productUsed,
  recordOf,
  type TestDatabase,
} from '@banso/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DailyScore, type DailyScoreParts } from '../src/score-accounts/daily-score.timer.ts'
import { Folding } from './folding.ts'

const NOW = '2026-03-10T10:00:00.000Z'
const timer = (payload: unknown = null): Timer => ({
  id: 'daily-score',
  key: '',
  kind: 'daily-score',
  dueAt: new Date(NOW),
  payload,
  attempts: 1,
})

export const describeDailyScore = (): void => {
  let health: Folding
  let logDatabase: TestDatabase
  let log: EmbeddedEventLog
  const clock = new ManualClock(NOW)

  beforeAll(async () => {
    health = await Folding.open('Asia/Tokyo')
    logDatabase = await createLogDatabase()
    log = new EmbeddedEventLog({ url: logDatabase.url })
    await log.ensureTopics(topicList)
  })
  afterAll(async () => {
    await log?.close()
    await logDatabase?.drop()
    await health?.close()
  })
  beforeEach(() => clock.set(NOW))

  const dailyScore = (parts: Partial<DailyScoreParts> = {}) =>
    new DailyScore({
      database: health.source,
      log,
      transactions: health.transactionsBy(clock),
      timers: { register: () => {} },
      clock,
      ...health.parts,
      ...parts,
    })
  /** One firing of the timer, as it is fired. */
  const fire = async (payload: unknown = null, parts: Partial<DailyScoreParts> = {}): Promise<TimerResult> => {
    const daily = dailyScore(parts)
    const result = await daily.perform(timer(payload), new AbortController().signal)
    return health.transactionsBy(clock).run([], (work) => daily.settle(timer(payload), result, work))
  }

  it('scores many accounts in batches, each once', async () => {
    const accountIds = Array.from({ length: 1_203 }, () => randomUUID())
    await health.usage(
      accountIds.map((accountId) => productUsed({ accountId, receivedAt: NOW }, { time: NOW })),
      NOW,
    )
    health.published = []
    clock.set('2026-03-11T10:00:00.000Z')
    await fire()

    const scored = () => health.published.filter(({ type }) => type === 'health.account-scored.v1')
    expect(new Set(scored().map(({ key }) => key))).toEqual(new Set(accountIds))
    expect(scored()).toHaveLength(1_203)
    const count = health.published.length
    await fire()
    expect(health.published).toHaveLength(count)
  })

  it('scores what was missed in batches of so many days, and goes on where it was stopped', async () => {
    await health.empty()
    const accountIds = Array.from({ length: 40 }, () => randomUUID())
    await health.usage(
      accountIds.map((accountId) => productUsed({ accountId, receivedAt: NOW }, { time: NOW })),
      NOW,
    )
    clock.set('2026-05-20T10:00:00.000Z')
    health.published = []
    const abort = new AbortController()
    const batches: number[] = []
    const transactions: Transactions = {
      run: (keys, work) => {
        batches.push(keys.length)
        if (batches.length === 2) abort.abort()
        return health.transactionsBy(clock).run(keys, work)
      },
    }

    await expect(dailyScore({ transactions }).perform(timer(), abort.signal)).rejects.toThrow(/abort/)
    const scored = () =>
      health.published.filter(({ type }) => type === 'health.account-scored.v1').map(({ key }) => key)
    expect(scored()).toHaveLength(batches.reduce((sum, count) => sum + count, 0))
    await dailyScore({ transactions }).perform(timer(), new AbortController().signal)

    // Each was away for 35 days and more.
    expect(batches).toEqual([14, 14, 12])
    expect(scored().toSorted()).toEqual(accountIds.toSorted())
    const [days] = await health.source.query<object[]>(
      `SELECT count(*)::int AS all, count(DISTINCT account_id)::int AS accounts FROM score_history
       WHERE account_id = ANY($1) AND day > '2026-03-10'`,
      [accountIds],
    )
    expect(days).toEqual({ all: 40 * 35, accounts: 40 })
  })

  it('waits without a word while a topic is not made yet, as at a first start', async () => {
    const database = await createDatabase()
    const empty = new EmbeddedEventLog({ url: database.url })
    expect(await fire(null, { log: empty })).toEqual({ again: new Date('2026-03-10T10:00:02.000Z'), payload: null })
    await empty.close()
    await database.drop()
  })

  it('looks again soon, at the latest when the next day of its zone begins', async () => {
    expect(await fire()).toEqual({ again: new Date('2026-03-10T10:10:00.000Z'), payload: null })
    clock.set('2026-03-10T14:55:00.000Z')
    expect(await fire()).toEqual({ again: new Date('2026-03-10T15:00:00.000Z'), payload: null })
  })

  it('waits until what was in the log has been handled', async () => {
    const accountId = randomUUID()
    await health.usage([productUsed({ accountId, receivedAt: NOW }, { time: NOW })], NOW)
    const event = productUsed({ accountId, receivedAt: NOW }, { time: NOW })
    await log.append([recordOf(event)])
    clock.set('2026-03-12T10:00:00.000Z')
    health.published = []

    const waiting = await fire()
    expect(waiting).toMatchObject({ again: new Date('2026-03-12T10:00:02.000Z') })
    expect(health.published).toEqual([])

    await log.append([recordOf(productUsed({ accountId }))]) // later than the mark: not waited for
    await health.source.query(
      `INSERT INTO consumer_progress (group_name, topic, partition, next_offset, log_id, epoch) VALUES ('health', $1, $2, 1, '', 1)`,
      [topics.usageEvents.name, partitionOf(topics.usageEvents.name, accountId)],
    )
    await fire(typeof waiting === 'object' ? waiting.payload : null)
    expect(health.said(accountId, 'health.account-scored.v1')).toMatchObject([{ day: '2026-03-12' }])
  })

  it('stops between batches when it is told to', async () => {
    const abort = AbortSignal.abort()
    clock.set('2026-03-20T10:00:00.000Z')
    await health.source.query(`UPDATE consumer_progress SET next_offset = 99`)
    health.published = []

    await expect(dailyScore().perform(timer(), abort)).rejects.toThrow(/abort/)
    expect(health.published).toEqual([])
  })
}
