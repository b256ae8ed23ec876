import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { environment } from '../src/config.ts'
import { openDocs, type Docs } from '../src/docs/docs-server.ts'
import { run } from './run.ts'

const documents = globSync('*.json', { cwd: join(import.meta.dirname, '../../../docs/api') }).toSorted()
const names = documents.map((file) => file.split('.')[0] ?? '')

// A browser, where this machine has one.
const browser = (environment()['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((file) => existsSync(file))

let docs: Docs
beforeAll(async () => {
  docs = await openDocs(0)
})
afterAll(() => docs.close())

const get = async (path: string): Promise<{ text: string; headers: Headers }> => {
  const answer = await fetch(new URL(path, docs.url))
  expect(answer.status).toBe(200)
  return { text: await answer.text(), headers: answer.headers }
}
/** What a page loads or links to. */
const references = (page: string): string[] =>
  [...page.matchAll(/(?:src|href|data-document)="([^"]*)"/g)].map(([, to = '']) => to)
const outside = (to: string): boolean => !to.startsWith('/') && !to.startsWith('data:')

describe('banso docs', () => {
  it('listens to this machine alone', () => {
    expect(docs.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  })

  it('lists a page per document', async () => {
    const { text } = await get('/')
    expect(documents.length).toBeGreaterThan(6)
    expect(references(text)).toEqual(expect.arrayContaining(names.map((name) => `/${name}`)))
  })

  it.each(['', ...names])('serves /%s and everything it refers to, nothing of it from elsewhere', async (name) => {
    const { text, headers } = await get(`/${name}`)
    expect(headers.get('content-type')).toMatch('text/html')
    expect(references(text).filter(outside)).toEqual([])
    for (const to of references(text).filter((one) => one.startsWith('/')))
      expect((await get(to)).text.length).toBeGreaterThan(30)
  })

  // What a renderer may have in it, a logo or a beacon, the browser does not fetch.
  it.each(names)('forbids /%s to load or send anything elsewhere', async (name) => {
    const policy = (await get(`/${name}`)).headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none';/)
    const sources = policy.split(';').flatMap((directive) => directive.trim().split(' ').slice(1))
    expect(new Set(sources)).toEqual(new Set(["'none'", "'self'", "'unsafe-inline'", "'unsafe-eval'", 'data:']))
  })

  it('serves its style sheets without a reference to elsewhere', async () => {
    for (const sheet of ['docs.css', 'swagger-ui.css', 'asyncapi.css']) {
      const { text } = await get(`/assets/${sheet}`)
      const loaded = [...text.matchAll(/(?:url\(|@import )["']?([^"')]+)/g)].map(([, to = '']) => to)
      expect(loaded.filter(outside)).toEqual([])
    }
  })

  it.each(['/nothing', '/documents/../package.json', '/assets/../../package.json', '/assets/toString'])(
    'has no %s',
    async (path) => {
      const answer = await fetch(`${docs.url.slice(0, -1)}${path}`)
      expect(answer.status).toBe(404)
    },
  )

  it('names the port that is taken', async () => {
    const { port } = new URL(docs.url)
    const { exit, err } = await run({}, 'docs', '--port', port)
    expect(exit).toBe(2)
    expect(err).toMatch(`port ${port} cannot be listened on: name another by --port`)
    expect((await run({}, 'docs', '--port', 'http')).exit).toBe(2)
  })
})

const shownBy = (name: string): string =>
  ({ banso: 'health.band-changed.v1', capture: '/v1/{call}' })[name] ?? '/v1/operations/status'

describe('a page', () => {
  it.each(['capture', 'banso'])(
    'renders without a browser: /%s, one of each kind',
    async (name) => {
      const words = [join(import.meta.dirname, 'render.mjs'), `${docs.url}${name}`, shownBy(name)]
      const env = { ...environment(), NODE_OPTIONS: '' }
      await expect(promisify(execFile)(process.execPath, words, { env })).resolves.toEqual({ stdout: '', stderr: '' })
    },
    60_000,
  )
})

const describeBrowser = browser === undefined ? describe.skip : describe

describeBrowser('a browser', () => {
  it.each(names)(
    'renders /%s of banso docs',
    async (name) => {
      const words = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=20000', '--dump-dom']
      const { stdout } = await promisify(execFile)(browser ?? '', [...words, `${docs.url}${name}`], {
        maxBuffer: 64 * 1_048_576,
      })
      expect(stdout.replaceAll(/<wbr>|\u200b/g, '')).toContain(shownBy(name))
    },
    60_000,
  )
})
