// Runs of many steps, by the service as it runs.
import { accountScored, bandChanged, eventually } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { DAY, Stepping } from './stepping.ts'
import { describeWaitingSteps } from './waiting-steps.suite.ts'

let stepping: Stepping

const scored = (accountId: string, band: 'red' | 'amber') =>
  accountScored({ accountId, band, scoredAt: stepping.clock.now().toISOString() })

const failedAt = async (name: string, path: string) => {
  const account = stepping.accountOf(name)
  stepping.receiver.answer = (response, { path: at }) => void response.writeHead(at === path ? 410 : 204).end()
  await stepping.put(name, [stepping.call('/first'), stepping.call(path), stepping.call('/last')])
  await stepping.turnRed(account)
  const run = await stepping.service.runIn('failed', account)
  stepping.receiver.answer = (response) => void response.writeHead(204).end()
  stepping.receiver.received.length = 0
  return { account, redrive: () => stepping.service.call('POST', `/v1/actions/${run.id}${path}/redrive`) }
}

export const describeSteps = (): void => {
  describe('steps', () => {
    beforeAll(async () => {
      stepping = await Stepping.open()
    })
    afterAll(() => stepping?.close())
    beforeEach(() => stepping.beginAnew())

    describe('a run', () => {
      it('goes through its steps, waits over a restart, and keeps what each step went by', async () => {
        const account = stepping.accountOf('through')
        await stepping.put('through', [
          stepping.call('/first'),
          { id: 'pause', wait: { for: 'P3D' } },
          {
            id: 'which',
            branch: [{ when: 'tickets.open > 0', steps: [stepping.call('/tickets')] }],
            otherwise: [stepping.call('/quiet')],
          },
          stepping.call('/last'),
        ])
        await stepping.turnRed(account)
        await stepping.waitingAt(account, 'pause')
        await stepping.restartAfter(3 * DAY)
        await stepping.arrived('/first', '/quiet', '/last')
        const run = await stepping.service.runIn('done', account)
        expect(run.steps.map(({ step, did }) => `${step} ${did}`)).toEqual([
          'first action-requested',
          'pause waiting',
          'which branch-taken',
          'quiet action-requested',
          'last action-requested',
        ])
        expect(run.steps[2]?.detail).toEqual({ case: 'otherwise', used: { 'tickets.open': 0 } })
        expect(run.actions.map(({ actionId }) => actionId)).toContain(`${run.id}-last`)
      })

      it('stays on the version that it started with', async () => {
        const account = stepping.accountOf('versioned')
        await stepping.put('versioned', [{ id: 'pause', wait: { for: 'P1D' } }, stepping.call('/old')])
        await stepping.turnRed(account)
        await stepping.waitingAt(account, 'pause')
        await stepping.put('versioned', [stepping.call('/new')])
        stepping.clock.advance(DAY)
        await stepping.arrived('/old')
        expect(await stepping.service.runIn('done', account)).toMatchObject({ playbook: { version: 1 } })
      })

      it('goes on when the facts that it waits for come, before the limit', async () => {
        const account = stepping.accountOf('recovers')
        const wait = { condition: 'health.band != "red"', limit: 'P14D', onLimit: [stepping.call('/escalate')] }
        await stepping.put('recovers', [{ id: 'recovery', wait }, stepping.call('/thank')])
        await stepping.service.publish(scored(account, 'red'))
        await stepping.turnRed(account)
        await stepping.waitingAt(account, 'recovery')
        await stepping.service.publish(scored(account, 'amber'))
        await stepping.arrived('/thank')
        stepping.clock.advance(20 * DAY)
        await stepping.service.runIn('done', account)
        expect(stepping.paths).toEqual(['/thank'])
      })

      it('takes the other way at the limit', async () => {
        const account = stepping.accountOf('limits')
        const wait = { condition: 'health.band == "green"', limit: 'P2D', onLimit: [stepping.call('/escalate')] }
        await stepping.put('limits', [{ id: 'recovery', wait }, stepping.call('/note')])
        await stepping.turnRed(account)
        await stepping.waitingAt(account, 'recovery')
        stepping.clock.advance(2 * DAY)
        await stepping.arrived('/escalate', '/note')
        expect((await stepping.service.runIn('done', account)).steps.map(({ did }) => did)).toContain('limit-reached')
      })

      it('ends when its goal is met, whatever it waits for', async () => {
        const account = stepping.accountOf('goal')
        await stepping.put('goal', [
          { id: 'recovered', goal: 'health.band != "red"' },
          stepping.call('/first'),
          { id: 'pause', wait: { for: 'P5D' } },
          stepping.call('/second'),
        ])
        await stepping.turnRed(account)
        await stepping.waitingAt(account, 'pause')
        const back = {
          from: { score: 30, band: 'red' as const, day: '2026-03-20' },
          to: { score: 50, band: 'amber' as const },
        }
        await stepping.service.publish(bandChanged({ accountId: account, ...back }, { time: stepping.clock.now() }))
        const run = await stepping.service.runIn('goal', account)
        expect(run.steps.at(-1)).toMatchObject({ did: 'goal-met', detail: { used: { 'health.band': 'amber' } } })
        stepping.clock.advance(6 * DAY)
        expect(stepping.paths).toEqual(['/first'])
      })

      it('that fails keeps why, and lets the next one start', async () => {
        const account = stepping.accountOf('fails')
        stepping.receiver.answer = (response, { path }) => void response.writeHead(path === '/gone' ? 410 : 204).end()
        await stepping.put('fails', [
          stepping.call('/gone', { onFailure: 'continue' }),
          stepping.call('/gone', { id: 'again' }),
          stepping.call('/never'),
        ])
        await stepping.turnRed(account)
        expect(await stepping.service.runIn('failed', account)).toMatchObject({ reason: 'endpoint-disabled' })
        await stepping.turnRed(account)
        await eventually(async () => expect(await stepping.service.runsOf(account)).toHaveLength(2))
        expect(stepping.paths).toEqual(['/gone'])
      })
    })

    describe('a run that an action failed', () => {
      it('goes on to its end, once, when the action is re-driven', async () => {
        const { account, redrive } = await failedAt('revived', '/broken')
        expect((await redrive()).status).toBe(202)
        expect((await redrive()).status).toBe(409)
        const run = await stepping.service.runIn('done', account)
        expect(stepping.paths).toEqual(['/broken', '/last'])
        expect(run).toMatchObject({ reason: null, finishedAt: expect.any(String) })
        expect(run.steps.map(({ step, did }) => `${step} ${did}`)).toContain('broken action-redriven')
      })

      it('stays ended while another of its key is under way: the action alone is performed', async () => {
        const { account, redrive } = await failedAt('replaced', '/bad')
        await stepping.put('replaced', [{ id: 'pause', wait: { for: 'P9D' } }])
        stepping.clock.advance(DAY)
        await stepping.turnRed(account)
        await stepping.waitingAt(account, 'pause')
        await redrive()
        await eventually(async () => {
          const [, failed] = await stepping.service.runsOf(account)
          expect(failed?.actions.find(({ step }) => step === 'bad')?.state).toBe('done')
          expect(failed?.state).toBe('failed')
        })
        expect(stepping.paths).toEqual(['/bad'])
      })
    })

    describeWaitingSteps(() => stepping)
  })
}
