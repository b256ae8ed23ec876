// What health answers when it is asked, over either log.
import { eventually, productUsed } from '@banso/testing'
import { expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { before, type HealthWatched } from './health-watched.ts'

const on = (day: string, event: string, count: number, persons: number) => ({
  day,
  kind: 'track',
  event,
  count,
  persons,
})

export const describeReads = (watched: () => HealthWatched): void => {
  it('counts usage per day and event, page by page, as known on a day', async () => {
    const accountId = randomUUID()
    const [ann, ben] = [randomUUID(), randomUUID()]
    const used = (personId: string, ago: number, name: string, receivedAgo = ago) =>
      productUsed({ accountId, personId, name, receivedAt: before(receivedAgo).toISOString() }, { time: before(ago) })
    const events = [used(ann, 2, 'a'), used(ann, 2, 'a'), used(ben, 2, 'a'), used(ben, 2, 'b', 0), used(ann, 1, 'a')]
    await watched().health.say(...events)
    await watched().scored(accountId, { newestInputAt: before(1).toISOString() })

    const all = [on('2026-01-13', 'a', 3, 2), on('2026-01-13', 'b', 1, 1), on('2026-01-14', 'a', 1, 1)]
    const usage = `/v1/accounts/${accountId}/usage`
    await eventually(async () => {
      expect(await watched().health.get(usage)).toEqual({ status: 200, body: { items: all, next: null } })
    })
    expect((await watched().health.get(`${usage}?knownOn=2026-01-14`)).body).toMatchObject({ items: [all[0], all[2]] })
    expect((await watched().health.get(`${usage}?from=2026-01-14&to=2026-01-14`)).body).toMatchObject({
      items: [all[2]],
    })
    const first = (await watched().health.get(`${usage}?limit=2`)).body as { items: unknown[]; next: string }
    const second = (await watched().health.get(`${usage}?limit=2&cursor=${first.next}`)).body as { items: unknown[] }
    expect([...first.items, ...second.items]).toEqual(all)
  })

  it('refuses what it cannot answer, with a code', async () => {
    const [accountId, known] = [randomUUID(), randomUUID()]
    await watched().health.say(productUsed({ accountId: known }))
    await watched().scored(known, {})
    for (const path of ['score', 'score/history', 'usage'])
      expect(await watched().refusal(`${accountId}/${path}`)).toEqual([404, 'ACCOUNT_NOT_FOUND'])
    expect((await watched().refusal(`${accountId}/score`, null))[0]).toBe(401)
    expect((await watched().refusal('me/score'))[0]).toBe(400)
    expect(await watched().refusal(`${accountId}/usage?from=2026-02-30`)).toEqual([400, 'VALIDATION_FAILED'])
    expect(await watched().refusal(`${accountId}/usage?from=0000-01-01`)).toEqual([400, 'VALIDATION_FAILED'])
    expect(await watched().refusal(`${accountId}/usage?from=2026-02-02&to=2026-02-01`)).toEqual([
      400,
      'DAY_RANGE_EMPTY',
    ])
    expect(await watched().refusal(`${accountId}/usage?from=2010-01-01&to=2026-01-01`)).toEqual([
      400,
      'DAY_RANGE_TOO_LONG',
    ])
    expect(await watched().refusal(`${accountId}/usage?cursor=WyJ4Il0`)).toEqual([400, 'CURSOR_INVALID'])
    for (const [path, key] of [
      ['score/history', '0000-01-01'],
      ['usage', ['0000-01-01', 'track', 'a']],
      ['usage', ['2026-01-01', 'track', 'a\0']],
      ['tickets', ['0000-01-01T00:00:00.000Z', 'desk', 't1']],
      ['tickets', ['2026-01-01T00:00:00+23:59', 'desk', 't1']],
    ] as const) {
      const cursor = Buffer.from(JSON.stringify(key)).toString('base64url')
      expect(await watched().refusal(`${known}/${path}?cursor=${cursor}`)).toEqual([400, 'CURSOR_INVALID'])
    }
  })
}
