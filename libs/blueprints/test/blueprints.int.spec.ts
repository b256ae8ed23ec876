import type { TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import Type from 'typebox'
import { DataSource } from 'typeorm'
import { Blueprints } from '../src/index.ts'
import { createNotesDatabase, noteKind, NotesApp } from './notes-app.ts'

let database: TestDatabase
let notes: NotesApp
let source: DataSource

beforeAll(async () => {
  database = await createNotesDatabase()
  notes = await NotesApp.start(database.url)
  source = notes.app.get(DataSource)
})
afterAll(async () => {
  await notes?.app.close()
  await database?.drop()
})

const applied = async (name: string): Promise<number[]> => {
  const rows = await source.query<{ version: number }[]>('SELECT version FROM applied WHERE name = $1 ORDER BY 1', [
    name,
  ])
  return rows.map(({ version }) => version)
}

describe('applying a blueprint', () => {
  it('creates, changes and leaves alone; the order of keys says nothing', async () => {
    expect(await notes.put('a', { text: 'one', tags: ['x'] })).toEqual({
      status: 200,
      body: {
        kind: 'Note',
        name: 'a',
        version: 1,
        change: 'created',
        changes: [],
        impact: ['3 characters will be read'],
        secret: 'shown once',
      },
    })
    const same = { kind: 'Note', name: 'a', version: 1, change: 'unchanged', changes: [], impact: [] }
    expect((await notes.put('a', { tags: ['x'], text: 'one' })).body).toEqual(same)
    expect((await notes.put('a', { text: 'two', tags: ['x'] })).body).toEqual({
      kind: 'Note',
      name: 'a',
      version: 2,
      change: 'changed',
      changes: [{ pointer: '/spec/text', from: 'one', to: 'two' }],
      impact: ['3 characters will be read'],
    })
    expect(await applied('a')).toEqual([1, 2])
  })

  it('counts a title as content', async () => {
    const titled = { kind: 'Note', name: 'titled', title: { en: 'A note', ja: 'メモ' }, spec: { text: 'x' } }
    await notes.put('titled', { text: 'x' })
    const { body } = await notes.call('PUT', '/v1/blueprints/Note/titled', titled)
    expect(body).toMatchObject({ version: 2, changes: [{ pointer: '/title', to: titled.title }] })
    expect((await notes.call('GET', '/v1/blueprints/Note/titled')).body).toMatchObject(titled)
  })

  it('stores nothing in a dry run', async () => {
    expect((await notes.put('dry', { text: 'one' }, '?dryRun=true')).body).toMatchObject({
      version: 1,
      change: 'created',
    })
    expect((await notes.call('GET', '/v1/blueprints/Note/dry')).status).toBe(404)
    await notes.put('dry', { text: 'one' }, '?dryRun=false')
    expect((await notes.put('dry', { text: 'two' }, '?dryRun=true')).body).toMatchObject({
      version: 2,
      change: 'changed',
    })
    expect(await applied('dry')).toEqual([1])
  })

  it('takes what comes along for there, in a dry run only', async () => {
    const spec = { text: 'see other' }
    expect((await notes.put('seeing', spec, '?dryRun=true')).body).toMatchObject({
      errors: [{ pointer: '/spec/text', missing: { kind: 'Note', name: 'other' } }],
    })
    const along = 'with=Note/other'
    expect((await notes.put('seeing', spec, `?dryRun=true&${along}`)).body).toMatchObject({ change: 'created' })
    expect((await notes.put('seeing', spec, `?dryRun=true&${along}&with=Note/x`)).status).toBe(200)
    expect((await notes.put('seeing', spec, `?${along}`)).status).toBe(422)
  })

  it('stores nothing when what belongs to it fails', async () => {
    expect((await notes.put('broken', { text: 'break' })).status).toBe(500)
    expect((await notes.call('GET', '/v1/blueprints/Note/broken')).status).toBe(404)
    expect(await applied('broken')).toEqual([])
  })

  it('loses no version of those that come at once', async () => {
    const texts = Array.from({ length: 12 }, (_, at) => `text ${at}`)
    const answers = await Promise.all(texts.map((text) => notes.put('busy', { text })))
    const versions = answers.map(({ body }) => Number(body['version'])).toSorted((left, right) => left - right)
    expect(versions).toEqual(texts.map((_, at) => at + 1))
    const kept = await new Blueprints().all(source.manager, noteKind)
    expect(new Set(kept.filter(({ name }) => name === 'busy').map(({ spec }) => spec.text))).toEqual(new Set(texts))
  })

  it('makes one version of the same that comes twice at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => notes.put('twins', { text: 'same' })))
    const made = answers.filter(({ body }) => body['change'] === 'created')
    expect(made).toHaveLength(1)
    expect(answers.map(({ body }) => body['version'])).toEqual([1, 1, 1])
  })
})

describe('a document with faults', () => {
  it.each([
    ['that its schema sees', { text: 1, more: 2 }, ['/spec/text', '/spec/more']],
    ['that its check sees', { text: 'hey!' }, ['/spec/text']],
    ['that no database takes', { text: 'x', tags: ['a', 'b\0'] }, ['/spec/tags/1']],
  ])('is refused for those %s', async (_, spec, pointers) => {
    const { status, body } = await notes.put('faulty', spec, '?dryRun=true')
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'BLUEPRINT_INVALID' } })
    expect((body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual(pointers)
  })

  it('says the code and the position that the check gives', async () => {
    const { body } = await notes.put('faulty', { text: 'hey!' })
    expect(body['errors']).toEqual([
      { pointer: '/spec/text', code: 'LOUD', message: 'no need to shout', line: 1, column: 4 },
    ])
  })

  it.each([
    ['another name than the path', 'a', { kind: 'Note', name: 'b', spec: { text: '' } }, '/name'],
    ['another kind', 'a', { kind: 'Sheet', name: 'a', spec: { text: '' } }, '/kind'],
    ['a name that is none', 'A%20b', { kind: 'Note', name: 'A b', spec: { text: '' } }, '/name'],
  ])('is refused: %s', async (_, name, document, pointer) => {
    const { status, body } = await notes.call('PUT', `/v1/blueprints/Note/${name}`, document)
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
  })

  it('is not looked at when nothing here keeps its kind', async () => {
    const { status, body } = await notes.call('PUT', '/v1/blueprints/Sheet/a', {})
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'BLUEPRINT_KIND_UNKNOWN' } })
  })
})

describe('reading blueprints', () => {
  it('lists the newest versions, page by page', async () => {
    await notes.put('z-1', { text: 'one' })
    await notes.put('z-2', { text: 'one' })
    notes.clock.set(new Date('2026-03-02T00:00:00Z'))
    await notes.put('z-2', { text: 'two' })
    const seen: unknown[] = []
    let cursor = ''
    do {
      const { body } = await notes.call('GET', `/v1/blueprints?limit=2${cursor}`)
      seen.push(...(body['items'] as unknown[]))
      const { next } = body
      cursor = typeof next === 'string' ? `&cursor=${next}` : ''
    } while (cursor !== '')
    expect(seen.slice(-2)).toEqual([
      { kind: 'Note', name: 'z-1', version: 1, appliedAt: '2026-03-01T00:00:00.000Z' },
      { kind: 'Note', name: 'z-2', version: 2, appliedAt: '2026-03-02T00:00:00.000Z' },
    ])
  })

  it('gives every version, as it was written', async () => {
    await notes.put('kept', { tags: [], text: 'one' })
    await notes.put('kept', { text: 'two' })
    const first = await notes.app.inject({
      url: '/v1/blueprints/Note/kept?version=1',
      headers: { authorization: 'Bearer the-token-of-the-service' },
    })
    expect(first.payload).toContain('"spec":{"tags":[],"text":"one"}')
    expect((await notes.call('GET', '/v1/blueprints/Note/kept?version=3')).body).toMatchObject({
      code: 'BLUEPRINT_NOT_FOUND',
    })
    const blueprints = new Blueprints()
    const latest = await blueprints.latest(source.manager, noteKind)
    expect(latest.find(({ name }) => name === 'kept')).toMatchObject({ version: 2, spec: { text: 'two' } })
    expect((await blueprints.version(source.manager, noteKind, 'kept', 1))?.spec.tags).toEqual([])
    expect(await blueprints.version(source.manager, noteKind, 'nobody')).toBeUndefined()
  })

  it('stops a reader whose schema a stored version does not fit', async () => {
    await notes.put('outdated', { text: 'a text' })
    const narrower = { kind: 'Note', schema: Type.Object({ text: Type.String({ maxLength: 3 }) }) }
    await expect(new Blueprints().version(source.manager, narrower, 'outdated')).rejects.toMatchObject({
      code: 'BLUEPRINT_OUTDATED',
      message: expect.stringContaining('Note outdated, version 1,'),
    })
  })

  it('publishes the schema of the document', async () => {
    const { body } = await notes.call('GET', '/v1/blueprint-schemas/Note')
    expect(body).toMatchObject({ properties: { kind: { const: 'Note' }, spec: { required: ['text'] } } })
  })

  it('has tables as its entities say', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log()
    expect(upQueries.map(({ query }) => query)).toEqual([])
  })
})
