// Controls, explanations and schedules by the service as it runs.
import { topics } from '@banso/contracts'
import { EVENT_LOG, type EventLog } from '@banso/messaging'
import { accountProfiled, accountScored, eventually, ManualClock, ticketOpened } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import type { ControlsAnswer } from '../src/control-playbooks/control-playbooks.ts'
import type { WhyAnswer } from '../src/explain-playbooks/explain-playbooks.ts'
import { ActivePlaybooks } from '../src/start-runs/active-playbooks.ts'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

const task = (id: string) => ({ id, action: { kind: 'task', title: 'Call them', owner: 'owner', dueIn: 'P1D' } })
const RED = { on: 'band-changed', to: ['red'] }
const START = new Date('2026-03-20T03:00:00.000Z')

export const describeControls = (): void => {
  describe('playbooks under control', () => {
    const clock = new ManualClock(START)
    let databases: Databases
    let service: Service

    beforeAll(async () => {
      databases = await createDatabases()
      service = await Service.start(databases, { BANSO_TIMEZONE: 'Asia/Tokyo' }, clock)
      const log = service.app.get<EventLog>(EVENT_LOG)
      await log.ensureTopics([topics.profiles, topics.scores, topics.journeyProgress, topics.tickets])
    })
    afterAll(async () => {
      await service?.close()
      await databases?.drop()
    })

    const apply = async (name: string, spec: object): Promise<void> => {
      const { status, body } = await service.call('PUT', `/v1/blueprints/Playbook/${name}`, {
        kind: 'Playbook',
        name,
        spec,
      })
      expect({ status, body }).toMatchObject({ status: 200 })
      const active = service.app.get(ActivePlaybooks)
      await eventually(() => expect(active.current.map((playbook) => playbook.name)).toContain(name))
    }
    const say = (path: string, said?: object) => service.call('POST', `/v1/playbooks/${path}`, said)
    const dailyFor = (account: string) => service.read<WhyAnswer>(`/v1/playbooks/daily/why/${account}`)
    const turnRed = async (): Promise<string> => {
      const account = randomUUID()
      await service.publish(turnedRed(account, { at: clock.now() }))
      return account
    }
    const reasonFor = async (account: string, playbook: string) =>
      eventually(async () => {
        const run = (await service.runsOf(account)).find((one) => one.playbook.name === playbook)
        if (run === undefined) throw new Error('not decided yet')
        return run.reason
      })

    it('only observe until somebody activates them, and stop at once when they are paused', async () => {
      await apply('calls', { trigger: RED, steps: [task('call')] })
      expect(await reasonFor(await turnRed(), 'calls')).toBe('observe')

      const activated = await say('calls/activate', { by: 'aya', reason: 'reviewed' })
      expect(activated).toMatchObject({ status: 200, body: { playbook: 'calls', mode: 'active', paused: false } })
      await service.runIn('done', await turnRed())

      expect(await say('pause', { by: 'ken' })).toMatchObject({ status: 200, body: { playbook: null, paused: true } })
      expect(await reasonFor(await turnRed(), 'calls')).toBe('paused')
      await say('resume')
      await service.runIn('done', await turnRed())

      await say('calls/pause')
      expect(await reasonFor(await turnRed(), 'calls')).toBe('paused')
      await say('calls/resume')
      const controls = await service.read<ControlsAnswer>('/v1/playbooks/controls')
      expect(controls).toMatchObject({
        all: { paused: false, lastCommand: { command: 'resume', by: null } },
        items: [{ playbook: 'calls', mode: 'active', activatedAt: START.toISOString(), paused: false }],
      })
    })

    it('refuse what they do not know', async () => {
      expect(await say('nobody/pause')).toMatchObject({ status: 404, body: { code: 'PLAYBOOK_NOT_FOUND' } })
      expect(await say('calls/explode')).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } })
      expect(await say('calls/pause', { who: 'aya' })).toMatchObject({ status: 400 })
      const unknown = await service.call('GET', `/v1/playbooks/calls/why/${randomUUID()}`)
      expect(unknown).toMatchObject({ status: 404, body: { code: 'ACCOUNT_NOT_FOUND' } })
    })

    it('hold what comes due in a pause, and go on when it ends', async () => {
      await apply('waits', {
        mode: 'active',
        trigger: RED,
        steps: [{ id: 'rest', wait: { for: 'PT1H' } }, task('call')],
      })
      const account = await turnRed()
      const run = async () => (await service.runsOf(account)).find(({ playbook }) => playbook.name === 'waits')
      await eventually(async () => expect((await run())?.state).toBe('running'))
      await say('waits/pause')
      clock.advance(2 * 3_600_000)
      await eventually(async () => {
        const held = await service.app.get(DataSource).query<unknown[]>(`SELECT FROM run WHERE held`)
        expect(held).toHaveLength(1)
      })
      expect((await run())?.state).toBe('running')
      await say('waits/resume')
      await eventually(async () => expect((await run())?.state).toBe('done'))
    })

    it('send nothing in a pause that was requested before it, and send it when it ends', async () => {
      const receiver = await new Receiver().listen()
      receiver.answer = (response) => void response.writeHead(503).end()
      await apply('hooks', { trigger: RED, action: { kind: 'webhook', url: receiver.url() } })
      const account = await turnRed()
      const run = async () => (await service.runsOf(account)).find(({ playbook }) => playbook.name === 'hooks')
      await eventually(async () => expect((await run())?.actions[0]?.attempts).toHaveLength(1))

      receiver.answer = (response) => void response.writeHead(204).end()
      await say('hooks/pause')
      clock.advance(60_000)
      await eventually(async () => {
        const held = `SELECT FROM timer WHERE kind = 'send-webhook' AND payload ? 'held'`
        expect(await service.app.get(DataSource).query<unknown[]>(held)).toHaveLength(1)
      })
      expect(receiver.received).toHaveLength(1)

      await say('hooks/resume')
      await eventually(async () => expect((await run())?.state).toBe('done'))
      expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(
        Array(2).fill(`${(await run())?.id}-action`),
      )
      await receiver.close()
    })

    it('look again when days alone have changed what they wait for', async () => {
      const wait = { condition: 'tickets.oldestSeriousDays >= 2', limit: 'P30D' }
      const trigger = { on: 'ticket-opened', priority: ['urgent'] }
      await apply('ages', { mode: 'active', trigger, steps: [{ id: 'age', wait }, task('call')] })
      const account = randomUUID()
      const now = clock.now().toISOString()
      const ticket = { accountId: account, priority: 'urgent', status: 'open', openedAt: now, receivedAt: now } as const
      await service.publish(ticketOpened(ticket, { time: now }))
      await service.runIn('running', account)
      clock.advance(2 * 86_400_000)
      const { finishedAt } = await service.runIn('done', account)
      expect(finishedAt).toBe(clock.now().toISOString())
    })

    it('say why they ran or not, and whether they would now', async () => {
      await apply('sells', {
        mode: 'active',
        selling: true,
        trigger: RED,
        audience: 'account.traits.plan == "pro"',
        coolDown: 'P7D',
        steps: [task('offer')],
      })
      const account = randomUUID()
      const why = (lang = 'en') => service.read<WhyAnswer>(`/v1/playbooks/sells/why/${account}?lang=${lang}`)
      await service.publish(accountProfiled({ accountId: account, name: 'Minato', traits: { plan: 'free' } }))
      await eventually(async () => expect((await why()).account.name).toBe('Minato'))
      expect(await why()).toMatchObject({
        now: { outcome: 'not-concerned', audience: { verdict: 'not-met', used: { 'account.traits.plan': 'free' } } },
        runs: [],
        text: expect.arrayContaining(['It never matched for this account.']),
      })

      await service.publish(accountProfiled({ accountId: account, name: 'Minato', traits: { plan: 'pro' } }))
      await eventually(async () => expect((await why()).now.held).toEqual([{ reason: 'first-score' }]))
      await service.publish(accountScored({ accountId: account, score: 55, band: 'amber' }))
      await eventually(async () => expect((await why()).now.outcome).toBe('would-run'))
      await service.publish(turnedRed(account, { at: clock.now() }))
      await eventually(async () => expect((await why()).runs).toMatchObject([{ state: 'done' }]))
      await service.publish(ticketOpened({ accountId: account, priority: 'urgent', status: 'open' }))
      await eventually(async () => expect((await why()).now.held).toHaveLength(2))
      const held = await why('ja')
      expect(held.now.held).toMatchObject([{ reason: 'cool-down', by: held.runs[0]?.id }, { reason: 'serious-ticket' }])
      expect(held.now.text[0]).toContain('重大なチケットが開いている(1 件)')
      expect(held.text.at(-1)).toContain('最後まで実行しました')
    })

    it('come by themselves at their time, for the accounts of their audience', async () => {
      const [pro, free] = [randomUUID(), randomUUID()]
      await service.publish(
        accountProfiled({ accountId: pro, traits: { tier: 'gold' } }),
        accountProfiled({ accountId: free, traits: { tier: 'tin' } }),
      )
      await apply('daily', {
        mode: 'active',
        trigger: { on: 'schedule', every: 'day', at: '09:00' },
        audience: 'account.traits.tier == "gold"',
        steps: [task('review')],
      })
      await eventually(async () => expect((await dailyFor(pro)).now).toMatchObject({ outcome: 'would-run' }))
      await eventually(async () => expect((await dailyFor(free)).now).toMatchObject({ outcome: 'not-concerned' }))
      const [timer] = await eventually(async () => {
        const rows = await service.app
          .get(DataSource)
          .query<{ due_at: Date }[]>(`SELECT due_at FROM timer WHERE id = 'schedule/daily'`)
        expect(rows).toHaveLength(1)
        return rows
      })
      clock.set(new Date((timer?.due_at.getTime() ?? 0) + 1000))
      const run = await service.runIn('done', pro)
      expect(run.why).toMatchObject({
        triggerType: 'schedule',
        triggerEventId: `daily/${timer?.due_at.toISOString()}/${pro}`,
      })
      expect(await service.runsOf(free)).toEqual([])
    })
  })
}
