import { topics } from '@banso/contracts'
import { EVENT_LOG, type EventLog } from '@banso/messaging'
import { blueprintReads, documentOf, eventually, operatorReads, operatorWrites } from '@banso/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describeHeldBack } from './held-back.suite.ts'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

let databases: Databases
let service: Service
let receiver: Receiver

const arrived = (count: number, timeoutMs = 10_000) =>
  eventually(() => expect(receiver.received).toHaveLength(count), { timeoutMs })

export const describeRuns = (): void => {
  describe('runs', () => {
    beforeAll(async () => {
      databases = await createDatabases()
      service = await Service.start(databases)
    })
    afterAll(async () => {
      await service?.close()
      await databases?.drop()
    })
    beforeEach(async () => {
      receiver = await new Receiver().listen()
    })
    afterEach(async () => {
      for (const { name } of await service.all('/v1/playbooks'))
        await service.put(receiver.url(), { enabled: false }, name)
      await receiver.close()
    })

    describe('a change that a playbook waits for', () => {
      it('brings a signed webhook that says what happened and why', async () => {
        await service.put(receiver.url())
        const secret = await service.rotate('turned-red')
        const change = turnedRed()
        await service.publish(change)
        await arrived(1)
        const [{ headers, body }] = receiver.received as [(typeof receiver.received)[0]]
        const run = await service.runIn('done', change.key)
        const sent = new Webhook(secret).verify(body, headers as Record<string, string>)
        expect(sent).toMatchObject({
          type: 'playbook.action',
          playbook: 'turned-red',
          version: run.playbook.version,
          runId: run.id,
          account: { id: change.key },
          change: {
            id: change.id,
            type: 'health.band-changed.v1',
            from: { band: 'amber' },
            to: { score: 31, band: 'red' },
          },
          why: {
            cause: 'events',
            evidence: [`of-${change.id}`],
            rule: { trigger: { on: 'band-changed', to: ['red'] } },
          },
          occurredAt: change.time.toISOString(),
        })
        expect(headers['webhook-id']).toBe(`${run.id}-action`)
      })

      it('leaves a trail: ids, values, version, decision, attempts', async () => {
        await service.put(receiver.url())
        const change = turnedRed()
        await service.publish(change)
        const run = await service.runIn('done', change.key)
        expect(run).toMatchObject({
          reason: null,
          occurredAt: change.time.toISOString(),
          why: {
            triggerEventId: change.id,
            triggerType: 'health.band-changed.v1',
            evidence: [`of-${change.id}`],
            values: { to: { score: 31, band: 'red' }, rule: { dedupe: 'account' } },
          },
          actions: [{ step: 'action', kind: 'webhook', state: 'done', nextAttemptAt: null }],
        })
        expect(run.actions[0]?.attempts).toMatchObject([{ number: 1, status: 204, fault: null }])
      })

      it('is told on the log, step by step', async () => {
        await service.put(receiver.url())
        const change = turnedRed()
        await service.publish(change)
        await service.runIn('done', change.key)
        const log = service.app.get<EventLog>(EVENT_LOG)
        const told = await eventually(async () => {
          const all = await Promise.all(
            Array.from({ length: topics.runs.partitions }, (_, partition) =>
              log.read({ topic: topics.runs.name, partition }, 0, 1_000),
            ),
          )
          const types = all
            .flat()
            .filter(({ key }) => key === change.key)
            .map(({ headers }) => headers['ce_type'])
          expect(types).toHaveLength(4)
          return types
        })
        expect(told).toEqual([
          'playbooks.run-started.v1',
          'playbooks.action-requested.v1',
          'playbooks.action-done.v1',
          'playbooks.run-finished.v1',
        ])
      })

      it('makes one run, however often it is told', async () => {
        await service.put(receiver.url())
        const change = turnedRed()
        await service.publish(change, change)
        await service.runIn('done', change.key)
        await service.publish(change)
        const marker = turnedRed()
        await service.publish(marker)
        await service.runIn('done', marker.key)
        expect(await service.runsOf(change.key)).toHaveLength(1)
        expect(receiver.received).toHaveLength(2)
      })

      it('makes many runs at once, over few connections', async () => {
        await service.put(receiver.url())
        await service.publish(...Array.from({ length: 100 }, () => turnedRed()))
        await arrived(100, 30_000)
        const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']))
        expect(ids.size).toBe(100)
        expect(receiver.connections).toBeLessThanOrEqual(32)
      })

      it('goes by the newest document at once', async () => {
        await service.put(receiver.url('/one'))
        await service.put(receiver.url('/two'))
        const change = turnedRed()
        await service.publish(change)
        await arrived(1)
        expect(receiver.received[0]?.path).toBe('/two')
        await service.put(receiver.url('/two'), { enabled: false })
        await service.put(receiver.url('/three'), {}, 'another')
        const unseen = turnedRed()
        await service.publish(unseen)
        const run = await service.runIn('done', unseen.key)
        expect(run.playbook.name).toBe('another')
        expect(await service.runsOf(unseen.key)).toHaveLength(1)
      })
    })

    describeHeldBack(() => ({ service, receiver }))

    describe('finding runs', () => {
      it('by account, playbook and state, newest first, page by page', async () => {
        await service.put(receiver.url(), {}, 'finding')
        const accounts = Array.from({ length: 5 }, () => randomUUID())
        for (const account of accounts) {
          await service.publish(turnedRed(account))
          await service.runIn('done', account)
        }
        const found = (await service.all('/v1/runs?playbook=finding&state=done&limit=2')).map(
          ({ account }) => account.id,
        )
        expect(found).toEqual(accounts.toReversed())
        expect((await service.call('GET', '/v1/runs?playbook=finding&state=failed')).body.items).toEqual([])
        expect((await service.call('GET', '/v1/runs?state=lost')).status).toBe(400)
      })
    })

    describe('the API', () => {
      it('answers as its document says', async () => {
        const steps = [
          { id: 'tell', action: { kind: 'webhook', url: receiver.url() } },
          { id: 'call', action: { kind: 'task', title: 'Call', owner: { name: 'mika' }, dueIn: 'P1D' } },
        ]
        const document = { mode: 'active', trigger: { on: 'band-changed', to: ['red'] }, steps }
        const put = await service.call('PUT', '/v1/playbooks/read', document)
        expect(put).toMatchObject({ status: 201 })
        expect((await service.call('POST', '/v1/playbooks/read/pause', { by: 'mika' })).status).toBe(200)
        expect((await service.call('POST', '/v1/playbooks/read/resume', {})).status).toBe(200)
        const change = turnedRed()
        await service.publish(change)
        const { key: account } = change
        const run = await service.runIn('done', account)
        for (const list of ['runs', 'tasks', 'actions'])
          expect(await service.all(`/v1/${list}?account=${account}`)).not.toEqual([])
        const own = ['', '/controls', '/read', `/read/why/${account}`].map((path) => `/v1/playbooks${path}`)
        for (const path of [...operatorReads, ...blueprintReads('Playbook', 'read'), ...own, `/v1/runs/${run.id}`])
          expect(await service.call('GET', path)).toMatchObject({ status: 200 })
        const { body } = await service.call('GET', '/v1/blueprints/Playbook/read')
        const again = await service.call('PUT', '/v1/blueprints/Playbook/read?dryRun=true', documentOf(body))
        expect(again).toMatchObject({ status: 200, body: { change: 'unchanged' } })
        const [task] = await service.all(`/v1/tasks?account=${account}`)
        const writes: readonly Readonly<Parameters<Service['call']>>[] = [
          ...operatorWrites,
          ['POST', '/v1/playbooks/pause', {}],
          ['POST', '/v1/playbooks/resume', {}],
          ['POST', '/v1/playbooks/read/secret/rotate'],
          ['POST', `/v1/tasks/${task?.id}/done`, { by: 'mika' }],
        ]
        for (const write of writes) expect(await service.call(...write)).toMatchObject({ status: 200 })
        // Nothing is stopped here, an action that failed has its test in steps.suite.ts, and a rebuild is refused.
        expect(service.documented.unseen.toSorted()).toEqual([
          'POST /v1/actions/{run}/{step}/redrive',
          'POST /v1/operations/rebuild',
          'POST /v1/operations/resume',
        ])
      })
    })
  })
}
