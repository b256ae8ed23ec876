// Blueprints that were valid when they were applied, and are not in this release.
import { eventually } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

let databases: Databases
let service: Service
let receiver: Receiver

const source = () => service.app.get(DataSource)
/** As an earlier release would have stored it: the newest version of a name. */
const store = async (kind: string, name: string, spec: object): Promise<void> => {
  await source().query(
    `WITH next AS (
       INSERT INTO blueprint AS b (kind, name, latest_version) VALUES ($1, $2, 1)
       ON CONFLICT (kind, name) DO UPDATE SET latest_version = b.latest_version + 1 RETURNING latest_version)
     INSERT INTO blueprint_version (kind, name, version, document, applied_at)
     SELECT $1, $2, latest_version, $3::json, now() FROM next`,
    [kind, name, JSON.stringify({ spec })],
  )
}
const restart = async (): Promise<void> => {
  await service.close()
  service = await Service.start(databases)
}

export const describeOutdated = (): void => {
  describe('outdated', () => {
    beforeAll(async () => {
      databases = await createDatabases()
      receiver = await new Receiver().listen()
      service = await Service.start(databases)
    })
    afterAll(async () => {
      await service?.close()
      await receiver?.close()
      await databases?.drop()
    })

    describe('a playbook that no longer fits its schema', () => {
      it('keeps neither the service from starting nor the others from running', async () => {
        await service.put(receiver.url('/well'), {}, 'well')
        await store('Playbook', 'old', { trigger: { on: 'moon-phase' }, action: { kind: 'fax' } })
        await restart()
        const account = randomUUID()
        await service.publish(turnedRed(account))
        expect(await service.runIn('done', account)).toMatchObject({ playbook: { name: 'well' } })
        expect((await service.all('/v1/playbooks')).map(({ name }) => name)).toEqual(['well'])
      })

      it('says so, can be paused, and is mended by applying it anew', async () => {
        const outdated = { status: 409, body: { code: 'PLAYBOOK_OUTDATED' } }
        expect(await service.call('GET', '/v1/playbooks/old')).toMatchObject(outdated)
        const [{ account_id: account } = { account_id: '' }] = await source().query<{ account_id: string }[]>(
          'SELECT account_id FROM run LIMIT 1',
        )
        expect(await service.call('GET', `/v1/playbooks/old/why/${account}`)).toMatchObject(outdated)
        expect((await service.call('POST', '/v1/playbooks/old/pause', {})).status).toBe(200)
        await service.put(receiver.url('/mended'), {}, 'old')
        expect((await service.call('GET', '/v1/playbooks/old')).body).toMatchObject({ name: 'old', version: 2 })
      })

      it('ends the runs that are on it, and no others, when they go on', async () => {
        const account = randomUUID()
        const steps = [{ id: 'recovery', wait: { condition: 'health.band == "green"', limit: 'P9D' } }]
        await service.put(
          '',
          { action: undefined, steps, mode: 'active', audience: `account.id == "${account}"` },
          'waits',
        )
        await service.publish(turnedRed(account))
        const waiting = await eventually(async () => {
          const run = (await service.runsOf(account)).find(({ playbook }) => playbook.name === 'waits')
          expect(run?.state).toBe('running')
          return run?.id ?? ''
        })
        await source().query(`UPDATE blueprint_version SET document = '{"spec":{}}' WHERE name = 'waits'`)
        await restart()
        await service.publish(turnedRed(account, { at: new Date() }))
        await eventually(async () => {
          const run = (await service.runsOf(account)).find(({ id }) => id === waiting)
          expect(run).toMatchObject({ state: 'failed', reason: 'playbook-outdated' })
        })
      })
    })

    describe('a content that no longer fits its schema', () => {
      it('fails the action that says it, as one that is not there', async () => {
        const account = randomUUID()
        const text = { subject: { en: 'Hello' }, body: { en: 'Hello' } }
        await service.call('PUT', '/v1/blueprints/Content/hello', { kind: 'Content', name: 'hello', spec: text })
        const action = { kind: 'task', content: 'hello', owner: 'owner', dueIn: 'P1D' }
        await service.put('', { action, audience: `account.id == "${account}"` }, 'tells')
        await store('Content', 'hello', { subject: 'Hello' })
        await service.publish(turnedRed(account))
        await eventually(async () => {
          const run = (await service.runsOf(account)).find(({ playbook }) => playbook.name === 'tells')
          expect(run).toMatchObject({ state: 'failed', reason: 'content-missing' })
        })
      })
    })
  })
}
