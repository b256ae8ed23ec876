import { topicList, topics } from '@banso/contracts'
import { EmbeddedEventLog, partitionOf, type Timer, type TimerResult } from '@banso/messaging'
import { createDatabase, ManualClock, productUsed, recordOf, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DailyScore } from '../src/score-accounts/daily-score.timer.ts'
import { Folding } from './folding.suite.ts'

const NOW = '2026-03-10T10:00:00.000Z'
const timer = (payload: unknown = null): Timer => ({
  id: 'daily-score',
  key: '',
  kind: 'daily-score',
  dueAt: new Date(NOW),
  payload,
  attempts: 1,
})

describe('the daily run', () => {
  let health: Folding
  let logDatabase: TestDatabase
  let log: EmbeddedEventLog
  const clock = new ManualClock(NOW)

  beforeAll(async () => {
    health = await Folding.open('Asia/Tokyo')
    logDatabase = await createDatabase()
    log = new EmbeddedEventLog({ url: logDatabase.url })
    await log.ensureTopics(topicList)
  })
  afterAll(async () => {
    await log?.close()
    await logDatabase?.drop()
    await health?.close()
  })
  beforeEach(() => clock.set(NOW))

  const dailyScore = () =>
    new DailyScore({
      database: health.source,
      log,
      transactions: health.transactionsBy(clock),
      timers: { register: () => {} },
      clock,
      ...health.parts,
    })
  /** One firing of the timer, as it is fired. */
  const fire = async (payload: unknown = null): Promise<TimerResult> => {
    const daily = dailyScore()
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
})
