// Days, restarts and rebuilds, over either log.
import { type AccountScored, topics } from '@banso/contracts'
import { eventually, productUsed } from '@banso/testing'
import { expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { before, type HealthWatched, thriving, urgent } from './health-watched.ts'

export const describePassingTime = (watched: () => HealthWatched): void => {
  it('scores every account once a day, after an outage too, and not before it has caught up', async () => {
    const [silent, busy] = [randomUUID(), randomUUID()]
    await watched().hasSeats(silent)
    await watched().hasSeats(busy)
    await watched().health.say(...thriving(silent), ...thriving(busy))
    await watched().scored(silent, { score: 100 })
    await watched().scored(busy, { score: 100 })
    await watched().health.say(
      ...[1, 2, 3].map((days) =>
        productUsed({ accountId: busy, receivedAt: before(-days).toISOString() }, { time: before(-days) }),
      ),
    )
    await watched().health.restart(() => watched().health.clock.set('2026-01-18T12:00:00.000Z'))

    await watched().scoredByTimer(silent, '2026-01-18')
    await watched().scoredByTimer(busy, '2026-01-18')
    const historyOf = async (accountId: string) => {
      const { body } = await watched().health.get(`/v1/accounts/${accountId}/score/history`)
      return (body as { items: { day: string; outcome: number }[] }).items
    }
    const everyDay = ['2026-01-15', '2026-01-16', '2026-01-17', '2026-01-18']
    expect((await historyOf(silent)).map(({ day }) => day)).toEqual(everyDay)
    expect((await historyOf(busy)).map(({ day }) => day)).toEqual(everyDay)

    watched().health.clock.set('2026-01-19T00:00:01.000Z')
    await watched().scoredByTimer(silent, '2026-01-19')
  })

  it('comes out of a rebuild as it was', async () => {
    const accountId = randomUUID()
    // All of it is handled before the score is read that the rebuild has to come to. The ticket is no other account's, too.
    await watched().health.say(urgent(accountId, 'before-the-rebuild'))
    await watched().scored(accountId, {})
    await watched().hasSeats(accountId)
    await watched().health.say(...thriving(accountId))
    await eventually(async () => {
      const { body: days } = await watched().health.get(`/v1/accounts/${accountId}/usage?limit=200`)
      expect((days as { items: unknown[] }).items).toHaveLength(100)
    })
    await watched().scored(accountId, { partial: false, outcome: { score: 100 } })
    watched().health.clock.advance(600_000) // so late, this account is scored for today by the next look only
    await watched().scoredByTimer(accountId, '2026-01-19')
    const { body } = (await watched().health.get(`/v1/accounts/${accountId}/score`)) as { body: AccountScored }
    expect(body.measures.find(({ measure }) => measure === 'open-urgent-load')?.value).toBeGreaterThan(0)
    const usage = await watched().health.get(`/v1/accounts/${accountId}/usage`)
    const lastPublished = async () => (await watched().health.published(accountId)).at(-1)
    // The relay publishes a moment after what is stored can be read.
    await eventually(async () => {
      const published = (await lastPublished())?.data as AccountScored
      expect(body).toMatchObject({ ...published, scoredAt: body.scoredAt })
    })
    const told = await lastPublished()
    const changes = await watched().health.published(accountId, topics.healthChanges.name)

    expect((await watched().health.send('POST', '/v1/operations/rebuild')).status).toBeLessThan(300)
    await eventually(
      async () => {
        expect((await lastPublished())?.offset).toBeGreaterThan(told?.offset ?? Number.NaN)
        expect(await watched().health.get(`/v1/accounts/${accountId}/usage`)).toEqual(usage)
      },
      { timeoutMs: 30_000 },
    )
    const last = (await lastPublished())?.data as AccountScored
    expect(body).toMatchObject({ ...last, scoredAt: body.scoredAt })
    expect(await watched().health.published(accountId, topics.healthChanges.name)).toEqual(changes)
  }, 60_000)
}
