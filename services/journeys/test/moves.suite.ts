import { accountProfiled, accountScored } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { MarkMilestones } from '../src/mark-milestones/mark-milestones.ts'
import { ago, history, NOW, used } from './long-use.ts'
import { Moving } from './moving.suite.ts'

const shuffled = <T>(all: readonly T[]): T[] => {
  const rest = [...all]
  return all.map((_, index) => rest.splice((index * 7 + 3) % rest.length, 1)).flat()
}

export const describeMoves = (): void => {
  describe('moving accounts', () => {
    let moving: Moving

    beforeAll(async () => {
      moving = await Moving.open()
    })
    afterAll(() => moving?.close())

    const stored = async (accountId: string) => {
      const { accountId: _, ...account } = await moving.account(accountId)
      return account
    }

    it('comes to the same state whatever the order, the chunks and the repeats of events', async () => {
      const [inOrder, late] = [randomUUID(), randomUUID()]
      const events = history(inOrder)
      const same = events.map((event) => ({ ...event, key: late, data: { ...event.data, accountId: late } }))
      for (const event of events) await moving.usage([event], NOW)
      await moving.usage(shuffled(same).slice(0, 25), NOW)
      await moving.usage([...same.slice(0, 9), ...shuffled(same).slice(25)], NOW)

      expect(await stored(late)).toEqual(await stored(inOrder))
      expect((await stored(late)).state).toMatchObject({ entries: [{ stage: 'onboarding' }, { stage: 'adoption' }] })
    })

    it('takes the same number of statements for one event as for many of many accounts', async () => {
      await moving.usage([used(randomUUID(), 'a', 0)], NOW)
      const forOne = moving.statements
      await moving.usage(
        Array.from({ length: 40 }, () => randomUUID()).flatMap((accountId) => history(accountId)),
        NOW,
      )
      expect(moving.statements).toBe(forOne)

      const ids = Array.from({ length: 40 }, () => randomUUID())
      await moving.usage(
        ids.map((accountId) => used(accountId, 'a', 0)),
        NOW,
      )
      await moving.scores([accountScored({ accountId: ids[0] ?? '' })], NOW)
      const forOneScore = moving.statements
      await moving.scores(
        ids.map((accountId) => accountScored({ accountId })),
        NOW,
      )
      expect(moving.statements).toBe(forOneScore)
    })

    it('writes nothing for use that says nothing new', async () => {
      const accountId = randomUUID()
      await moving.usage([used(accountId, 'a', 0)], NOW)
      const before = await stored(accountId)
      const later = [-0.1, -0.2].map((days) => used(accountId, 'a', days, accountId, ago(days).toISOString()))
      await moving.usage(later, ago(-0.2).toISOString())
      expect(moving.statements).toBe(2) // the account is read; its first uses are as they were
      expect(await stored(accountId)).toEqual(before)
    })

    it('takes the newest score and profile, in whatever order they come', async () => {
      const accountId = randomUUID()
      await moving.usage([used(accountId, 'a', 0)], NOW)
      const score = (band: 'red' | 'green', day: string) => accountScored({ accountId, band, day })
      await moving.scores([score('green', '2026-03-10'), score('red', '2026-03-09')], NOW, [9_002, 9_001])
      await moving.scores([score('red', '2026-03-10')], NOW, [9_000])
      const { facts } = await moving.account(accountId)
      expect(facts.health?.band).toBe('green')
    })

    it('lets days pass by the receipt of use, not by scores or profiles', async () => {
      const accountId = randomUUID()
      await moving.usage([used(accountId, 'a', 100, accountId, ago(100).toISOString())], NOW)
      await moving.scores([accountScored({ accountId, day: '2026-03-10' })], NOW)
      await moving.profiles(
        [accountProfiled({ accountId, firstObservedAt: ago(100).toISOString(), lastObservedAt: NOW })],
        NOW,
      )
      expect(moving.told(accountId).map(({ type }) => type)).not.toContain('journeys.flag-raised.v1')

      await moving.usage([used(accountId, 'a', 60, accountId, ago(60).toISOString())], NOW)
      const flags = moving.told(accountId).filter(({ type }) => type.startsWith('journeys.flag'))
      expect(flags).toMatchObject([
        { type: 'journeys.flag-raised.v1', data: { flag: 'dormant', cause: 'daily', newestEvent: null } },
        { type: 'journeys.flag-cleared.v1', data: { flag: 'dormant', cause: 'events', reason: 'used again' } },
      ])
    })

    it('stalls with the days, once', async () => {
      const accountId = randomUUID()
      await moving.usage([used(accountId, 'a', 118, accountId, ago(118).toISOString())], ago(118).toISOString())
      await moving.usage([used(accountId, 'a', 1, accountId, ago(1).toISOString())], ago(1).toISOString())
      moving.published = []
      for (const days of [0, -1, -2, -3]) await moving.day([accountId], ago(days).toISOString())
      expect(moving.told(accountId)).toMatchObject([
        {
          type: 'journeys.flag-raised.v1',
          data: {
            flag: 'stalled',
            cause: 'daily',
            at: '2026-03-12T00:00:00.000Z',
            reason: '120 days in onboarding without moving on',
          },
        },
      ])
    })

    it('is derived anew by a rebuild, and keeps what does not follow from use', async () => {
      const accountId = randomUUID()
      const events = history(accountId)
      await moving.usage(events, NOW)
      await moving.scores([accountScored({ accountId, band: 'red' })], NOW)
      await moving.source.query(
        `INSERT INTO manual_milestone (account_id, milestone, at, "by", note) VALUES ($1, 'kick-off', $2, 'mika', 'met')`,
        [accountId, NOW],
      )
      await moving.day([accountId], '2026-03-11T10:00:00.000Z')
      const before = await stored(accountId)
      moving.published = []
      await moving.source.query(`UPDATE account SET state = '{"status":"waiting"}' WHERE account_id = $1`, [accountId])
      await moving.rebuild(shuffled(events), '2026-03-11T10:00:00.000Z')

      expect(await stored(accountId)).toEqual(before)
      expect(before.state).toMatchObject({
        reached: { 'kick-off': { how: 'manual' } },
        flags: { 'at-risk': { raised: true } },
      })
      expect(moving.told(accountId)).toEqual([])
    })

    it('takes no word of people while it is rebuilt, and keeps nothing of it', async () => {
      const accountId = randomUUID()
      await moving.usage(history(accountId), NOW)
      moving.published = []
      const milestones = new MarkMilestones(moving.transactionsAt(NOW), moving.journeys, moving.calendar)
      const groupIs = (state: string) =>
        moving.source.query(
          `INSERT INTO consumer_group (name, state, changed_at) VALUES ('journeys', $1, now())
         ON CONFLICT (name) DO UPDATE SET state = excluded.state`,
          [state],
        )
      const say = () => milestones.record(accountId, 'kick-off', { by: 'mika', note: 'met' })
      const kept = () =>
        moving.source.query(`SELECT milestone FROM manual_milestone WHERE account_id = $1`, [accountId])

      const refused = { code: 'REBUILDING', status: 503, retryAfterSeconds: 30 }
      await groupIs('rebuilding')
      await expect(say()).rejects.toMatchObject(refused)
      await expect(milestones.takeBack(accountId, 'kick-off')).rejects.toMatchObject(refused)
      expect(await kept()).toEqual([])
      expect(moving.told(accountId)).toEqual([])

      await groupIs('running')
      await say()
      expect(await kept()).toEqual([{ milestone: 'kick-off' }])
      expect(moving.told(accountId)).toMatchObject([{ type: 'journeys.milestone-reached.v1' }])
    })
  })
}
