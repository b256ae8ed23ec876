// What sets playbooks off, by the service as it runs: every topic, and what holds back.
import {
  accountScored,
  alarmRaised,
  bandChanged,
  eventually,
  flagRaised,
  ManualClock,
  stageEntered,
  ticketOpened,
  ticketRated,
} from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { createDatabases, type Databases, type RunAnswer, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

const NOW = new Date('2026-03-20T03:00:00.000Z')
const now = NOW.toISOString()
const journey = { name: 'starter', version: 1 }
const steps = [{ id: 'call', action: { kind: 'task', title: 'Call', owner: 'owner', dueIn: 'P1D' } }]
const caused = { cause: 'events', newestEvent: { id: 'e', time: now, receivedAt: now } } as const

let databases: Databases
let service: Service
const clock = new ManualClock(NOW)

const put = async (name: string, spec: object): Promise<void> => {
  const { status } = await service.call('PUT', `/v1/playbooks/${name}`, { mode: 'active', steps, ...spec })
  expect(status).toBe(201)
}

/** What became of an account in a playbook. */
const decided = (account: string, playbook: string): Promise<RunAnswer> =>
  eventually(async () => {
    const run = (await service.runsOf(account)).find((one) => one.playbook.name === playbook)
    if (run === undefined) throw new Error('not decided yet')
    return run
  })

const withAccount = (): { accountId: string } => ({ accountId: randomUUID() })

const first = (accountId: string) =>
  bandChanged(
    { accountId, ...caused, from: { score: null, band: null, day: '2026-03-20' }, first: true },
    { time: now },
  )

const scored = (accountId: string, band: 'red' | 'green') => accountScored({ accountId, band, scoredAt: now })

export const describeTriggers = (): void => {
  describe('triggers', () => {
    beforeAll(async () => {
      databases = await createDatabases()
      service = await Service.start(databases, {}, clock)
    })
    afterAll(async () => {
      await service?.close()
      await databases?.drop()
    })

    describe('what sets a playbook off', () => {
      it('a ticket: an urgent one, and one that was rated as bad', async () => {
        await put('urgent', { trigger: { on: 'ticket-opened', priority: ['urgent'] }, dedupe: 'ticket' })
        await put('rated', { trigger: { on: 'ticket-rated', rating: ['bad'] } })
        const account = withAccount()
        const ticket = { ...account, openedAt: now, receivedAt: now, source: 'desk', status: 'open' } as const
        const opened = ticketOpened({ ...ticket, ticketId: '1', priority: 'urgent' }, { time: now })
        await service.publish(
          opened,
          ticketOpened({ ...ticket, ticketId: '2', priority: 'low' }, { time: now }),
          ticketOpened({ ...ticket, ticketId: '3', priority: 'urgent' }, { time: now }),
          ticketRated({ ...ticket, ticketId: '2', rating: 'bad' }, { time: now }),
        )
        await decided(account.accountId, 'rated')
        const found = await service.runsOf(account.accountId)
        expect(found.filter(({ playbook }) => playbook.name === 'urgent')).toHaveLength(2)
        expect(found.find(({ why }) => why.triggerEventId === opened.id)).toMatchObject({
          why: { triggerType: 'ingestion.ticket-opened.v1', values: { ticketId: '1', priority: 'urgent' } },
        })
      })

      it('progress on the journey', async () => {
        await put('expands', { trigger: { on: 'stage-entered', stage: ['expansion'] } })
        await put('stalls', {
          trigger: { on: 'flag-raised', flag: ['stalled'] },
          condition: 'journey.stage == "onboarding"',
        })
        const account = withAccount()
        const of = { ...account, journey, at: now, ...caused }
        await service.publish(
          stageEntered({ ...of, stage: 'onboarding', from: null, direction: 'first' }, { time: now }),
          flagRaised({ ...of, stage: 'onboarding', flag: 'stalled' }, { time: now }),
        )
        const run = await decided(account.accountId, 'stalls')
        expect(run.why.values).toMatchObject({ used: { 'journey.stage': 'onboarding' }, flag: 'stalled' })
        expect(await service.runsOf(account.accountId)).toHaveLength(1)
      })

      it('an alarm of the drop detector', async () => {
        await put('drops', { trigger: { on: 'alarm-raised' } })
        const account = withAccount()
        await service.publish(alarmRaised({ ...account, ...caused, recent: 2, usual: 20 }, { time: now }))
        expect(await decided(account.accountId, 'drops')).toMatchObject({ why: { values: { recent: 2, usual: 20 } } })
      })
    })

    describe('what holds back', () => {
      it('a first score, unless it is asked for', async () => {
        await put('not-first', { trigger: { on: 'band-changed' } })
        await put('first-too', { trigger: { on: 'band-changed', firstScore: true } })
        await put('at-risk', { trigger: { on: 'flag-raised', flag: ['at-risk'] } })
        const { accountId } = withAccount()
        const of = { accountId, journey, at: now, ...caused, stage: 'onboarding' }
        await service.publish(first(accountId), flagRaised({ ...of, flag: 'at-risk', first: true }, { time: now }))
        expect(await decided(accountId, 'at-risk')).toMatchObject({ state: 'held-back', reason: 'first-score' })
        expect(await decided(accountId, 'not-first')).toMatchObject({ state: 'held-back', reason: 'first-score' })
        expect(await decided(accountId, 'first-too')).toMatchObject({ reason: null })
      })

      it('a serious ticket, where it sells', async () => {
        await put('sells', { trigger: { on: 'stage-entered', stage: ['adoption'] }, selling: true })
        const { accountId } = withAccount()
        const ticket = { accountId, openedAt: now, receivedAt: now, status: 'open', priority: 'high' } as const
        await service.publish(ticketOpened({ ...ticket, ticketId: '1' }, { time: now }))
        await eventually(async () => {
          const { body } = await service.call('GET', `/v1/playbooks/sells/why/${accountId}`)
          expect(JSON.stringify(body)).toContain('serious')
        })
        const of = { accountId, journey, at: now, ...caused, stage: 'adoption' }
        await service.publish(stageEntered({ ...of, from: 'onboarding', direction: 'forward' }, { time: now }))
        expect(await decided(accountId, 'sells')).toMatchObject({ state: 'held-back', reason: 'serious-ticket' })
      })

      it('what happened before the playbook was active, where only what is new counts', async () => {
        await put('new-only', { trigger: { on: 'band-changed', to: ['red'] }, firstActivation: 'new-only' })
        const [before, after] = [randomUUID(), randomUUID()]
        await service.publish(
          turnedRed(before, { at: new Date(NOW.getTime() - 60_000) }),
          turnedRed(after, { at: NOW }),
        )
        expect(await decided(before, 'new-only')).toMatchObject({ reason: 'first-activation' })
        expect(await decided(after, 'new-only')).toMatchObject({ reason: null })
      })

      it('observing: what would have run is told, cool-down included, and nothing runs', async () => {
        await put('observes', { mode: 'observe', trigger: { on: 'band-changed', to: ['red'] }, coolDown: 'P1D' })
        const account = randomUUID()
        await service.publish(turnedRed(account, { at: NOW }))
        const observed = await decided(account, 'observes')
        expect(observed).toMatchObject({ state: 'held-back', reason: 'observe', actions: [] })
        await service.publish(turnedRed(account, { at: new Date(NOW.getTime() + 60_000) }))
        await eventually(async () => {
          const reasons = (await service.runsOf(account))
            .filter(({ playbook }) => playbook.name === 'observes')
            .map(({ reason }) => reason)
          expect(new Set(reasons)).toEqual(new Set(['cool-down', 'observe']))
        })
      })
    })

    describe('the first activation', () => {
      it('takes in the accounts that are already as the trigger says, each once', async () => {
        const [red, green] = [randomUUID(), randomUUID()]
        await service.publish(scored(red, 'red'), scored(green, 'green'))
        await eventually(async () => {
          const { status } = await service.call('GET', `/v1/playbooks/observes/why/${green}`)
          expect(status).toBe(200)
        })
        const spec = { trigger: { on: 'band-changed', to: ['red'] }, firstActivation: 'existing' }
        await put('existing', { ...spec, audience: `account.id in ["${red}", "${green}"]` })
        const run = await decided(red, 'existing')
        expect(run.why).toMatchObject({ triggerType: 'first-activation', values: { to: 'red' } })
        await service.call('PUT', '/v1/playbooks/existing', { mode: 'active', steps, ...spec, coolDown: 'PT1S' })
        const marker = randomUUID()
        await service.publish(turnedRed(marker, { at: NOW }))
        await decided(marker, 'existing')
        const mine = (await service.runsOf(red)).filter(({ playbook }) => playbook.name === 'existing')
        expect(mine).toHaveLength(1)
        expect(await service.runsOf(green)).toEqual([])
      })
    })
  })
}
