// Runs of many steps, by the service as it runs.
import { accountScored, bandChanged, eventually, ManualClock, ticketOpened, ticketStatusChanged } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

const RED = { on: 'band-changed', to: ['red'] }
const DAY = 86_400_000
const NOON = new Date('2026-03-20T12:00:00.000Z')

let databases: Databases
let service: Service
let receiver: Receiver
const clock = new ManualClock(NOON)

const call = (path: string, overrides: object = {}) => ({
  id: path.slice(1),
  action: { kind: 'webhook', url: receiver.url(path) },
  ...overrides,
})

const put = async (name: string, steps: object[], document: object = {}): Promise<void> => {
  const { status, body } = await service.call('PUT', `/v1/playbooks/${name}`, {
    mode: 'active',
    trigger: RED,
    audience: `account.id in ["${accounts.get(name) ?? ''}"]`,
    steps,
    ...document,
  })
  expect({ status, body }).toMatchObject({ status: expect.any(Number), body: { name } })
}

/** One account for each playbook, so that tests do not meet. */
const accounts = new Map<string, string>()
const accountOf = (name: string): string => {
  const account = accounts.get(name) ?? randomUUID()
  accounts.set(name, account)
  return account
}

const turnRed = async (account: string): Promise<void> => service.publish(turnedRed(account, { at: clock.now() }))
const scored = (accountId: string, band: 'red' | 'amber') =>
  accountScored({ accountId, band, scoredAt: clock.now().toISOString() })

const paths = () => receiver.received.map(({ path }) => path)
const arrived = (...expected: string[]) => eventually(() => expect(paths()).toEqual(expected))
const waitingAt = (account: string, step: string) =>
  eventually(async () => {
    const [run] = await service.runsOf(account)
    expect(run?.waiting?.step).toBe(step)
    return run
  })

const failedAt = async (name: string, path: string) => {
  const account = accountOf(name)
  receiver.answer = (response, { path: at }) => void response.writeHead(at === path ? 410 : 204).end()
  await put(name, [call('/first'), call(path), call('/last')])
  await turnRed(account)
  const run = await service.runIn('failed', account)
  receiver.answer = (response) => void response.writeHead(204).end()
  receiver.received.length = 0
  return { account, redrive: () => service.call('POST', `/v1/actions/${run.id}${path}/redrive`) }
}

export const describeSteps = (): void => {
  describe('steps', () => {
    beforeAll(async () => {
      databases = await createDatabases()
      receiver = await new Receiver().listen()
      service = await Service.start(databases, {}, clock)
    })
    afterAll(async () => {
      await service?.close()
      await receiver?.close()
      await databases?.drop()
    })
    beforeEach(() => {
      receiver.received.length = 0
      // Each test at another time, so that no cap or schedule of an earlier one counts.
      clock.advance(7 * DAY)
    })

    describe('a run', () => {
      it('goes through its steps, waits over a restart, and keeps what each step went by', async () => {
        const account = accountOf('through')
        await put('through', [
          call('/first'),
          { id: 'pause', wait: { for: 'P3D' } },
          {
            id: 'which',
            branch: [{ when: 'tickets.open > 0', steps: [call('/tickets')] }],
            otherwise: [call('/quiet')],
          },
          call('/last'),
        ])
        await turnRed(account)
        await waitingAt(account, 'pause')
        await service.close()
        clock.advance(3 * DAY)
        service = await Service.start(databases, {}, clock)
        await arrived('/first', '/quiet', '/last')
        const run = await service.runIn('done', account)
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
        const account = accountOf('versioned')
        await put('versioned', [{ id: 'pause', wait: { for: 'P1D' } }, call('/old')])
        await turnRed(account)
        await waitingAt(account, 'pause')
        await put('versioned', [call('/new')])
        clock.advance(DAY)
        await arrived('/old')
        expect(await service.runIn('done', account)).toMatchObject({ playbook: { version: 1 } })
      })

      it('goes on when the facts that it waits for come, before the limit', async () => {
        const account = accountOf('recovers')
        const wait = { condition: 'health.band != "red"', limit: 'P14D', onLimit: [call('/escalate')] }
        await put('recovers', [{ id: 'recovery', wait }, call('/thank')])
        await service.publish(scored(account, 'red'))
        await turnRed(account)
        await waitingAt(account, 'recovery')
        await service.publish(scored(account, 'amber'))
        await arrived('/thank')
        clock.advance(20 * DAY)
        await service.runIn('done', account)
        expect(paths()).toEqual(['/thank'])
      })

      it('takes the other way at the limit', async () => {
        const account = accountOf('limits')
        const wait = { condition: 'health.band == "green"', limit: 'P2D', onLimit: [call('/escalate')] }
        await put('limits', [{ id: 'recovery', wait }, call('/note')])
        await turnRed(account)
        await waitingAt(account, 'recovery')
        clock.advance(2 * DAY)
        await arrived('/escalate', '/note')
        expect((await service.runIn('done', account)).steps.map(({ did }) => did)).toContain('limit-reached')
      })

      it('ends when its goal is met, whatever it waits for', async () => {
        const account = accountOf('goal')
        await put('goal', [
          { id: 'recovered', goal: 'health.band != "red"' },
          call('/first'),
          { id: 'pause', wait: { for: 'P5D' } },
          call('/second'),
        ])
        await turnRed(account)
        await waitingAt(account, 'pause')
        const back = {
          from: { score: 30, band: 'red' as const, day: '2026-03-20' },
          to: { score: 50, band: 'amber' as const },
        }
        await service.publish(bandChanged({ accountId: account, ...back }, { time: clock.now() }))
        const run = await service.runIn('goal', account)
        expect(run.steps.at(-1)).toMatchObject({ did: 'goal-met', detail: { used: { 'health.band': 'amber' } } })
        clock.advance(6 * DAY)
        expect(paths()).toEqual(['/first'])
      })

      it('that fails keeps why, and lets the next one start', async () => {
        const account = accountOf('fails')
        receiver.answer = (response, { path }) => void response.writeHead(path === '/gone' ? 410 : 204).end()
        await put('fails', [call('/gone', { onFailure: 'continue' }), call('/gone', { id: 'again' }), call('/never')])
        await turnRed(account)
        expect(await service.runIn('failed', account)).toMatchObject({ reason: 'endpoint-disabled' })
        await turnRed(account)
        await eventually(async () => expect(await service.runsOf(account)).toHaveLength(2))
        expect(paths()).toEqual(['/gone'])
      })
    })

    describe('a run that an action failed', () => {
      it('goes on to its end, once, when the action is re-driven', async () => {
        const { account, redrive } = await failedAt('revived', '/broken')
        expect((await redrive()).status).toBe(202)
        expect((await redrive()).status).toBe(409)
        const run = await service.runIn('done', account)
        expect(paths()).toEqual(['/broken', '/last'])
        expect(run).toMatchObject({ reason: null, finishedAt: expect.any(String) })
        expect(run.steps.map(({ step, did }) => `${step} ${did}`)).toContain('broken action-redriven')
      })

      it('stays ended while another of its key is under way: the action alone is performed', async () => {
        const { account, redrive } = await failedAt('replaced', '/bad')
        await put('replaced', [{ id: 'pause', wait: { for: 'P9D' } }])
        clock.advance(DAY)
        await turnRed(account)
        await waitingAt(account, 'pause')
        await redrive()
        await eventually(async () => {
          const [, failed] = await service.runsOf(account)
          expect(failed?.actions.find(({ step }) => step === 'bad')?.state).toBe('done')
          expect(failed?.state).toBe('failed')
        })
        expect(paths()).toEqual(['/bad'])
      })
    })

    describe('a run of a playbook that sells', () => {
      it('asks for nothing while a serious ticket is open, and goes on when it is solved', async () => {
        const account = accountOf('sells')
        await put('sells', [{ id: 'pause', wait: { for: 'P1D' } }, call('/offer')], { selling: true })
        await turnRed(account)
        await waitingAt(account, 'pause')
        const ticket = {
          accountId: account,
          ticketId: 't',
          priority: 'urgent' as const,
          openedAt: clock.now().toISOString(),
        }
        await service.publish(ticketOpened({ ...ticket, status: 'open' }, { time: clock.now() }))
        await eventually(async () =>
          expect(await service.app.get(DataSource).query('SELECT FROM account_ticket')).not.toHaveLength(0),
        )
        clock.advance(DAY)
        const held = await waitingAt(account, 'offer')
        expect(held?.waiting).toMatchObject({ for: 'serious-ticket', until: null })
        expect(paths()).toEqual([])
        await service.publish(ticketStatusChanged({ ...ticket, status: 'solved' }, { time: clock.now() }))
        await service.runIn('done', account)
        expect(paths()).toEqual(['/offer'])
      })
    })

    describe('a daily cap', () => {
      it('holds back what would be the first action, and lets a run under way wait for the next day', async () => {
        const [one, two] = [randomUUID(), randomUUID()]
        const steps = [call('/capped', { dailyCap: 1 }), call('/after', { dailyCap: 1 })]
        await put('capped', steps, { audience: `account.id in ["${one}", "${two}"]` })
        await turnRed(one)
        await service.runIn('done', one)
        await turnRed(two)
        expect(await service.runIn('held-back', two)).toMatchObject({ reason: 'daily-cap' })
        clock.advance(DAY)
        await turnRed(two)
        await service.runIn('done', two)
        expect(paths()).toEqual(['/capped', '/after', '/capped', '/after'])
      })

      it('lets a run under way wait for the next day', async () => {
        const [one, two] = [randomUUID(), randomUUID()]
        const steps = [call('/free'), call('/scarce', { dailyCap: 1 })]
        await put('scarce', steps, { audience: `account.id in ["${one}", "${two}"]` })
        await turnRed(one)
        await service.runIn('done', one)
        await turnRed(two)
        const run = await waitingAt(two, 'scarce')
        expect(run?.waiting).toMatchObject({ for: 'cap', until: expect.stringMatching(/T00:00:00\.000Z$/) })
        clock.advance(DAY)
        await service.runIn('done', two)
        expect(paths()).toEqual(['/free', '/scarce', '/free', '/scarce'])
      })
    })
  })
}
