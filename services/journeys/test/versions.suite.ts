import {
  accountProfiled,
  createLogDatabase,
  eventually,
  productUsed,
  type ServiceUnderTest,
  type TestDatabase,
} from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { JourneySpec } from '../src/domain/journey.ts'
import { startJourneys } from './journeys-under-test.ts'

const NOW = '2026-01-15T02:10:00.000Z'
const FILE = join(import.meta.dirname, '../../../deploy/blueprints/starter/journeys/starter.yaml')

interface Document {
  readonly kind: string
  readonly name: string
  readonly title: object
  readonly spec: JourneySpec
}

export const describeVersions = (): void => {
  describe('versions of journeys', () => {
    const starter = parse(readFileSync(FILE, 'utf8')) as Document
    const shorter = { ...starter, spec: { ...starter.spec, dormantAfter: 'P14D' } }
    const path = '/v1/blueprints/Journey/starter'
    let log: TestDatabase
    let journeys: ServiceUnderTest

    beforeAll(async () => {
      log = await createLogDatabase()
      journeys = await startJourneys({ BANSO_LOG_DATABASE_URL: log.url }, NOW)
    })
    afterAll(async () => {
      await journeys?.stop()
      await log?.drop()
    })

    const begin = async (): Promise<string> => {
      const accountId = randomUUID()
      await journeys.say(productUsed({ accountId, receivedAt: NOW }, { time: NOW }))
      await eventually(async () => expect((await journeyOf(accountId)).status).toBe(200))
      return accountId
    }
    const journeyOf = (accountId: string) => journeys.get(`/v1/accounts/${accountId}/journey`)

    it('begin with the one of the starter set: applying that changes nothing', async () => {
      const first = await begin()
      expect((await journeyOf(first)).body).toMatchObject({ journey: { name: 'starter', version: 1 } })
      expect(await journeys.send('PUT', path, starter)).toMatchObject({
        status: 200,
        body: { version: 1, change: 'unchanged', impact: [] },
      })
    })

    it('say what a change would do, and leave accounts under way where they are', async () => {
      const [first, second] = [await begin(), await begin()]
      const { body } = await journeys.send('PUT', `${path}?dryRun=true`, shorter)
      expect(body).toMatchObject({
        change: 'changed',
        version: 2,
        changes: [{ pointer: '/spec/dormantAfter', from: 'P28D', to: 'P14D' }],
        impact: ['3 accounts stay on version 1', 'accounts whose journey begins from then on start on it'],
      })
      expect((await journeyOf(await begin())).body).toMatchObject({ journey: { version: 1 } })

      expect(await journeys.send('PUT', path, shorter)).toMatchObject({ body: { version: 2, change: 'changed' } })
      expect((await journeyOf(await begin())).body).toMatchObject({ journey: { name: 'starter', version: 2 } })
      for (const id of [first, second])
        expect((await journeyOf(id)).body).toMatchObject({ journey: { name: 'starter', version: 1 } })
    })

    it('refuse what cannot be meant, saying where', async () => {
      const [onboarding, ...rest] = starter.spec.stages
      const stages = [{ ...onboarding, next: { condition: 'account.segment ==' } }, ...rest]
      expect(await journeys.send('PUT', path, { ...starter, spec: { ...starter.spec, stages } })).toMatchObject({
        status: 422,
        body: {
          code: 'BLUEPRINT_INVALID',
          errors: [{ pointer: '/spec/stages/0/next/condition', message: expect.any(String), line: 1 }],
        },
      })
      const unknown = await journeys.send('PUT', path, { ...starter, spec: { ...starter.spec, colour: 'red' } })
      expect(unknown).toMatchObject({ status: 422, body: { code: 'BLUEPRINT_INVALID' } })
    })

    it('have conditions of their own, which are asked when something comes in', async () => {
      const title = { en: 'x', ja: 'x' }
      const condition = 'account.traits.plan == "enterprise"'
      const spec: JourneySpec = {
        dormantAfter: 'P28D',
        stages: [
          { name: 'trial', title, milestones: [{ name: 'upgraded', title, when: { condition } }], next: { condition } },
          { name: 'customer', title },
        ],
      }
      journeys.clock.advance(1_000)
      const own = await journeys.send('PUT', '/v1/blueprints/Journey/own', {
        kind: 'Journey',
        name: 'own',
        title,
        spec,
      })
      expect(own).toMatchObject({ body: { version: 1, change: 'created' } })
      const accountId = await begin()
      expect((await journeyOf(accountId)).body).toMatchObject({ journey: { name: 'own' }, stage: 'trial' })

      await journeys.say(
        accountProfiled({ accountId, traits: { plan: 'team' }, firstObservedAt: NOW, lastObservedAt: NOW }),
      )
      await journeys.say(
        accountProfiled({ accountId, traits: { plan: 'enterprise' }, firstObservedAt: NOW, lastObservedAt: NOW }),
      )
      await eventually(async () => {
        expect((await journeyOf(accountId)).body).toMatchObject({
          stage: 'customer',
          milestones: [{ name: 'upgraded', reason: `condition met: ${condition}` }],
          history: [{ stage: 'trial' }, { stage: 'customer', direction: 'forward' }],
        })
      })
      expect((await journeys.get('/v1/journeys/own/board')).body).toMatchObject({
        stages: [
          { stage: 'trial', accounts: 0 },
          { stage: 'customer', accounts: 1 },
        ],
      })
    })
  })
}
