import { metricFaults } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { DataSource } from 'typeorm'
import { ActivePlaybooks } from '../src/start-runs/active-playbooks.ts'
import { createDatabases, type Databases, Service } from './service.ts'

const URL = 'http://127.0.0.1:9/hook'
const document = { trigger: { on: 'band-changed', to: ['red'] }, action: { kind: 'webhook', url: URL } }

let databases: Databases
let service: Service

const put = (name: string, body: object) => service.call('PUT', `/v1/playbooks/${name}`, body)

export const describePlaybooks = (): void => {
  describe('playbooks', () => {
    beforeAll(async () => {
      databases = await createDatabases()
      service = await Service.start(databases)
    })
    afterAll(async () => {
      await service?.close()
      await databases?.drop()
    })

    describe('putting a playbook', () => {
      it('makes the first version with every default filled in, and shows its secret this once', async () => {
        const first = await put('first', document)
        expect(first.status).toBe(201)
        expect(first.body).toMatchObject({ name: 'first', version: 1, latestVersion: 1, changed: true })
        expect(first.body.document).toEqual({
          enabled: true,
          mode: 'active',
          trigger: document.trigger,
          dedupe: 'account',
          selling: false,
          steps: [{ id: 'action', action: document.action, onFailure: 'fail' }],
        })
        expect(first.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
        const shown = await service.call('GET', '/v1/playbooks/first')
        expect(shown.body).not.toHaveProperty('secret')
      })

      it('makes no version of the same document, in whatever order, and a version of another', async () => {
        await put('versions', document)
        const same = await put('versions', { action: document.action, trigger: { to: ['red'], on: 'band-changed' } })
        expect(same).toMatchObject({ status: 200, body: { version: 1, changed: false } })
        expect(same.body).not.toHaveProperty('secret')
        const next = await put('versions', { ...document, coolDown: 'P7D' })
        expect(next).toMatchObject({ status: 200, body: { version: 2, changed: true } })
        expect(next.body).not.toHaveProperty('secret')
      })

      it('counts at once, as a blueprint too', async () => {
        const blueprint = { kind: 'Playbook', name: 'at-once', spec: document }
        expect((await service.call('PUT', '/v1/blueprints/Playbook/at-once', blueprint)).status).toBe(200)
        expect(service.app.get(ActivePlaybooks).current.map(({ name }) => name)).toContain('at-once')
      })

      it('keeps every version', async () => {
        await put('kept', document)
        await put('kept', { ...document, enabled: false })
        expect((await service.call('GET', '/v1/playbooks/kept')).body).toMatchObject({
          version: 2,
          latestVersion: 2,
        })
        const first = await service.call('GET', '/v1/playbooks/kept?version=1')
        expect(first.body).toMatchObject({ version: 1, latestVersion: 2, document: { enabled: true } })
        expect((await service.call('GET', '/v1/playbooks/kept?version=3')).status).toBe(404)
      })

      it('makes one playbook of many puts at once', async () => {
        const answers = await Promise.all(Array.from({ length: 8 }, () => put('race', document)))
        expect(answers.filter(({ body }) => body.secret !== undefined)).toHaveLength(1)
        expect(answers.map(({ body }) => body.version)).toEqual(Array.from({ length: 8 }, () => 1))
      })

      it('makes one version of many puts of the same new document at once', async () => {
        await put('same-race', document)
        const next = { ...document, coolDown: 'P7D' }
        const answers = await Promise.all(Array.from({ length: 8 }, () => put('same-race', next)))
        expect(answers.map(({ body }) => body.version)).toEqual(Array.from({ length: 8 }, () => 2))
        expect(answers.filter(({ body }) => body.changed)).toHaveLength(1)
      })

      it('shows the secret of a new one although the playbooks in force could not be read after it was stored', async () => {
        const source = service.app.get(DataSource)
        await put('unreadable', document)
        await source.query(`UPDATE blueprint_version SET document = '{}' WHERE name = 'unreadable'`)
        const { status, body } = await put('new-beside-unreadable', document)
        await source.query(`DELETE FROM blueprint WHERE name = 'unreadable'`)
        expect({ status, secret: body.secret }).toEqual({ status: 201, secret: expect.stringMatching(/^whsec_/) })
      })

      it('keeps the secret sealed', async () => {
        const { body } = await put('sealed', document)
        const bytes = Buffer.from(body.secret?.replace('whsec_', '') ?? '', 'base64')
        const [row] = await service.app
          .get(DataSource)
          .query<{ secret: Buffer }[]>(`SELECT secret FROM playbook WHERE name = 'sealed'`)
        expect(row?.secret.length).toBeGreaterThan(32)
        expect(row?.secret.includes(bytes)).toBe(false)
        expect(row?.secret.includes('whsec')).toBe(false)
      })
    })

    describe('what is refused', () => {
      const trigger = (of: unknown) => ({ ...document, trigger: of })

      it.each<[string, object, string]>([
        ['no trigger', { action: document.action }, ''],
        ['no action', { trigger: document.trigger }, ''],
        ['a trigger that is a text', trigger('band-changed'), '/trigger'],
        ['a trigger that is a list', trigger([null]), '/trigger'],
        ['a trigger of another kind', trigger({ on: 'full-moon' }), '/trigger/on'],
        ['a band that is none', trigger({ on: 'band-changed', to: ['red', 'blue'] }), '/trigger/to/1'],
        ['no bands', trigger({ on: 'band-changed', to: [] }), '/trigger/to'],
        ["another trigger's field", trigger({ on: 'score-moved', to: ['red'] }), '/trigger/to'],
        ['a move too small to be told of', trigger({ on: 'score-moved', by: 5 }), '/trigger/by'],
        ['a move that is a text', trigger({ on: 'score-moved', by: '20' }), '/trigger/by'],
        ['a direction that is none', trigger({ on: 'score-moved', direction: 'sideways' }), '/trigger/direction'],
        ['an action of another kind', { ...document, action: { kind: 'e-mail', url: URL } }, '/action/kind'],
        ['a field that is unknown', { ...document, holdout: 0.15 }, '/holdout'],
        ['a cool-down in months', { ...document, coolDown: 'P1M' }, '/coolDown'],
        ['a cool-down of nothing', { ...document, coolDown: 'PT0S' }, '/coolDown'],
        ['a cool-down of years', { ...document, coolDown: 'P400D' }, '/coolDown'],
        ['another key', { ...document, dedupe: 'person' }, '/dedupe'],
        ['switched on by a text', { ...document, enabled: 'yes' }, '/enabled'],
        ['no URL', { ...document, action: { kind: 'webhook', url: 'hook' } }, '/action/url'],
        ['a template', { ...document, action: { kind: 'webhook', url: 'https://{{host}}/' } }, '/action/url'],
      ])('%s', async (_, body, pointer) => {
        const answer = await put('refused', body)
        expect(answer.status).toBe(422)
        expect(answer.body).toMatchObject({ code: 'BLUEPRINT_INVALID' })
        expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer)
        expect((await service.call('GET', '/v1/playbooks/refused')).status).toBe(404)
      })

      it('a name that is none', async () => {
        expect((await put('No_Name', document)).status).toBe(400)
      })

      it('calls without the token', async () => {
        expect((await service.app.inject({ url: '/v1/playbooks' })).statusCode).toBe(401)
        expect((await service.app.inject({ url: '/v1/runs' })).statusCode).toBe(401)
      })

      it('a rebuild: what was sent cannot be taken back', async () => {
        const answer = await service.call('POST', '/v1/operations/rebuild')
        expect(answer.status).toBe(409)
      })
    })

    describe('listing', () => {
      it('pages by name', async () => {
        for (const name of ['page-a', 'page-b', 'page-c']) await put(name, document)
        const all = (await service.all('/v1/playbooks?limit=2')).map(({ name }) => name)
        expect(all).toEqual([...new Set(all)].toSorted())
        expect(all.filter((name) => name.startsWith('page-'))).toEqual(['page-a', 'page-b', 'page-c'])
      })

      it('refuses a cursor that is not its own', async () => {
        expect((await service.call('GET', '/v1/playbooks?cursor=nonsense')).status).toBe(400)
        expect((await service.call('GET', '/v1/runs?cursor=e30')).status).toBe(400)
        const [at, id] = ['0000-01-01T00:00:00.000Z', randomUUID()]
        for (const [path, place] of [
          ['runs', { decidedAt: at, id }],
          ['tasks', { dueAt: at, id }],
          ['actions', { requestedAt: at, runId: id, step: 's' }],
        ] as const) {
          const forged = Buffer.from(JSON.stringify(place)).toString('base64url')
          expect((await service.call('GET', `/v1/${path}?cursor=${forged}`)).status).toBe(400)
        }
        const text = Buffer.from(JSON.stringify('a\0')).toString('base64url')
        expect((await service.call('GET', `/v1/playbooks?cursor=${text}`)).status).toBe(400)
      })

      it('refuses a name that no playbook can have, which no database would look for', async () => {
        expect((await service.call('GET', '/v1/runs?playbook=%00')).status).toBe(400)
      })

      it('knows no run and no playbook that was not made', async () => {
        expect((await service.call('GET', '/v1/playbooks/none')).status).toBe(404)
        expect((await service.call('POST', '/v1/playbooks/none/secret/rotate')).status).toBe(404)
        expect((await service.call('GET', '/v1/runs/5b0c7d0e-9a8f-5e63-b1d2-6f1c0a7e4d52')).status).toBe(404)
        expect((await service.call('GET', '/v1/runs/1')).status).toBe(400)
      })

      it('shows metrics that keep the conventions, and no account in them', async () => {
        expect(metricFaults(await service.metrics())).toEqual([])
      })
    })
  })
}
