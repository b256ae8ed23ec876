// What people say of journeys, and what they are shown, over either log.
import { blueprintReads, documentOf, eventually, operatorReads, operatorWrites } from '@banso/testing'
import { expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { used } from './journey-events.ts'
import type { JourneysWatched } from './journeys-watched.ts'

const code = async (answer: Promise<{ status: number; body: unknown }>) => {
  const { status, body } = await answer
  return [status, (body as { code?: string }).code]
}
const kickOff = (body: unknown) =>
  (body as { milestones: { name: string }[] }).milestones.find(({ name }) => name === 'kick-off')

export const describePeople = (watched: () => JourneysWatched): void => {
  it('takes the word of people, and takes it back', async () => {
    const accountId = randomUUID()
    await watched().journeys.say(used(accountId, 'login', 0))
    await watched().stands(accountId, { stage: 'onboarding' })
    const path = (name: string, id = accountId) => `/v1/accounts/${id}/milestones/${name}`
    const said = { note: 'met in Osaka', by: 'mika' }
    expect(kickOff((await watched().journeys.send('POST', path('kick-off'), said)).body)).toMatchObject({
      reachedAt: watched().journeys.clock.now().toISOString(),
      ...said,
    })
    const again = await watched().journeys.send('POST', path('kick-off'), { ...said, note: 'twice' })
    expect(kickOff(again.body)).toMatchObject({ note: 'met in Osaka' })
    const reached = await eventually(async () => {
      const all = (await watched().told(accountId, 'journeys.milestone-reached.v1')).filter(
        ({ how }) => how === 'manual',
      )
      expect(all).toHaveLength(1)
      return all
    })
    expect(reached[0]).toMatchObject({ milestone: 'kick-off', stage: 'onboarding', newestEvent: null, evidence: [] })
    expect(JSON.stringify(reached)).not.toMatch(/Osaka|mika/)
    expect(kickOff((await watched().journeys.send('DELETE', path('kick-off'))).body)).toMatchObject({ reachedAt: null })

    expect(await code(watched().journeys.send('DELETE', path('kick-off')))).toEqual([404, 'MILESTONE_NOT_RECORDED'])
    expect(await code(watched().journeys.send('POST', path('activation'), said))).toEqual([409, 'MILESTONE_AUTOMATIC'])
    expect(await code(watched().journeys.send('POST', path('nothing'), said))).toEqual([404, 'MILESTONE_NOT_FOUND'])
    expect(await code(watched().journeys.send('POST', path('kick-off', randomUUID()), said))).toEqual([
      404,
      'ACCOUNT_NOT_FOUND',
    ])
    expect(await code(watched().journeys.send('POST', path('kick-off'), { note: ' ', by: 'x' }))).toEqual([
      400,
      'VALIDATION_FAILED',
    ])
  })

  it('answers as its document says', async () => {
    const { journeys } = watched()
    const accountId = randomUUID()
    await journeys.say(used(accountId, 'login', 0))
    await watched().stands(accountId, { stage: 'onboarding' })
    const own = [`/v1/accounts/${accountId}/journey`, '/v1/journeys/starter/board', '/v1/journeys/starter/accounts']
    for (const path of [...operatorReads, ...blueprintReads('Journey', 'starter'), ...own])
      expect(await journeys.get(path)).toMatchObject({ status: 200 })
    const blueprint = '/v1/blueprints/Journey/starter'
    const { body } = await journeys.get(blueprint)
    const again = await journeys.send('PUT', `${blueprint}?dryRun=true`, documentOf(body))
    expect(again).toMatchObject({ status: 200, body: { change: 'unchanged' } })
    const milestone = `/v1/accounts/${accountId}/milestones/kick-off`
    expect((await journeys.send('POST', milestone, { note: 'met', by: 'mika' })).status).toBeLessThan(300)
    expect((await journeys.send('DELETE', milestone)).status).toBe(200)
    for (const write of operatorWrites) expect((await journeys.send(...write)).status).toBe(200)
    // Nothing is stopped here; a rebuild has a test of its own.
    expect(journeys.documented.unseen).toEqual(['POST /v1/operations/resume', 'POST /v1/operations/rebuild'])
  })

  it('counts the board, and lists who stands where', async () => {
    const { body } = await watched().journeys.get('/v1/journeys/starter/board')
    const { stages } = body as { stages: { stage: string; accounts: number; states: Record<string, number> }[] }
    expect(stages.map(({ stage }) => stage)).toEqual(['onboarding', 'adoption', 'expansion'])
    for (const { accounts, states } of stages)
      expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(accounts)
    const list = '/v1/journeys/starter/accounts'
    const adopting = stages.find(({ stage }) => stage === 'adoption')
    const all = (await watched().journeys.get(`${list}?stage=adoption`)).body as { items: { accountId: string }[] }
    expect(all.items).toHaveLength(adopting?.accounts ?? -1)
    const { items: dormant } = (await watched().journeys.get(`${list}?state=dormant`)).body as {
      items: { accountId: string }[]
    }
    expect(dormant.filter((one) => watched().journeys.isOurs(one))).toMatchObject([
      { stage: 'adoption', standing: 'dormant', reason: 'no use for 298 days', atRisk: false },
    ])
    const first = (await watched().journeys.get(`${list}?stage=adoption&limit=1`)).body as {
      items: unknown[]
      next: string
    }
    const rest = (await watched().journeys.get(`${list}?stage=adoption&cursor=${first.next}`)).body as {
      items: unknown[]
    }
    expect([...first.items, ...rest.items]).toEqual(all.items)
    expect(await code(watched().journeys.get(`${list}?state=fine`))).toEqual([400, 'VALIDATION_FAILED'])
    expect(await code(watched().journeys.get('/v1/journeys/none/board'))).toEqual([404, 'JOURNEY_NOT_FOUND'])
    expect(await code(watched().journeyOf(randomUUID()))).toEqual([404, 'ACCOUNT_NOT_FOUND'])
  })
}
