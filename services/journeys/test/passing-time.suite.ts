// Days, restarts and rebuilds, over either log.
import { eventually, unlikeGolden } from '@banso/testing'
import { expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { used } from './journey-events.ts'
import type { JourneysWatched } from './journeys-watched.ts'

export const describePassingTime = (watched: () => JourneysWatched): void => {
  it('lets days pass: after an outage too, and not before it has caught up', async () => {
    const [silent, busy] = [randomUUID(), randomUUID()]
    await watched().journeys.say(used(silent, 'login', 0), used(busy, 'login', 0))
    await watched().stands(silent, { standing: 'on-track' })
    await watched().stands(busy, { standing: 'on-track' })
    await watched().journeys.say(...[10, 20, 30, 39].map((days) => used(busy, 'login', -days)))
    await watched().journeys.restart(() => watched().journeys.clock.set('2026-02-24T12:00:00.000Z'))
    await watched().standsByTimer(silent, { standing: 'dormant', pace: { pace: 'behind' }, daysInStage: 40 })
    await watched().standsByTimer(busy, { standing: 'behind', daysInStage: 40 })
    const raised = await eventually(async () => {
      const all = await watched().told(silent, 'journeys.flag-raised.v1')
      expect(all).toHaveLength(1)
      return all
    })
    expect(raised[0]).toMatchObject({ flag: 'dormant', cause: 'daily', newestEvent: null, evidence: [] })
    expect(await watched().told(busy, 'journeys.flag-raised.v1')).toEqual([])
    const daily = ['journeys.pace-changed.v1', 'journeys.flag-raised.v1'] as const
    expect(unlikeGolden(await watched().journeys.published(silent), daily)).toEqual([])
  })

  it('comes out of a rebuild as it was, and tells nothing anew', async () => {
    const accounts = (await watched().journeys.get('/v1/journeys/starter/accounts')).body as {
      items: { accountId: string }[]
    }
    const ours = accounts.items.filter((one) => watched().journeys.isOurs(one))
    const ids = ours.map(({ accountId }) => accountId)
    expect(ids.length).toBeGreaterThan(3)
    const before = await Promise.all(ids.map((id) => watched().journeyOf(id)))
    const published = await Promise.all(ids.map((id) => watched().journeys.published(id)))
    expect((await watched().journeys.send('POST', '/v1/operations/rebuild')).status).toBeLessThan(300)
    await eventually(
      async () => {
        const { body } = await watched().journeys.get('/v1/operations/status')
        expect(body).toMatchObject({ groups: [{ state: 'running' }] })
        expect(await Promise.all(ids.map((id) => watched().journeyOf(id)))).toEqual(before)
      },
      { timeoutMs: 30_000 },
    )
    expect(await Promise.all(ids.map((id) => watched().journeys.published(id)))).toEqual(published)
  })

  it('refuses to start with another time zone', async () => {
    await expect(watched().journeys.restart(() => {}, { BANSO_TIMEZONE: 'Asia/Tokyo' })).rejects.toThrow(
      /BANSO_TIMEZONE=UTC/,
    )
    await watched().journeys.restart()
  })
}
