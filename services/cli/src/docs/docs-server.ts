// Serves the rendered API documents of docs/api to this machine alone, without the internet.
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CommandError, EXIT } from '../exit-codes.ts'
import { parseJson, textAt } from '../json.ts'
import { documentPage, type DocumentPage, indexPage, ownAssets } from './pages.ts'

const folder = join(import.meta.dirname, '../../../../docs/api')
const require = createRequire(import.meta.url)

/** Files of the packages that render. */
const RENDERERS: ReadonlyMap<string, readonly [packageName: string, file: string]> = new Map([
  ['swagger-ui.css', ['swagger-ui-dist', 'swagger-ui.css']],
  ['swagger-ui-bundle.js', ['swagger-ui-dist', 'swagger-ui-bundle.js']],
  ['asyncapi.css', ['@asyncapi/react-component', 'styles/default.min.css']],
  ['asyncapi.js', ['@asyncapi/react-component', 'browser/standalone/index.js']],
])

const TYPES = { css: 'text/css', js: 'text/javascript', json: 'application/json' } as const

// Whatever a renderer would like to load from elsewhere, the browser refuses. Styles are set inline by both; the parser of
// AsyncAPI compiles its schemas.
const POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The scripts of a page may keep its reader busy for longer than Node's 5 s: a connection must outlive that. Milliseconds. */
const KEEP_ALIVE_MS = 60_000

export interface Docs {
  readonly url: string
  /** Resolves when nothing is served any more. */
  readonly closed: Promise<unknown>
  close(): Promise<void>
}

interface Served {
  readonly type: string
  readonly body: string | Buffer
}

const pagesIn = (): DocumentPage[] => {
  try {
    return readdirSync(folder)
      .filter((file) => /\.(openapi|asyncapi)\.json$/.test(file))
      .toSorted()
      .map(pageOf)
  } catch (cause) {
    const message = `no documents in ${folder}: run \`npx banso docs\` in a checkout of Banso (the image has none)`
    throw new CommandError(EXIT.usage, message, [String(cause)])
  }
}

const pageOf = (file: string): DocumentPage => {
  const document = parseJson(readFileSync(join(folder, file), 'utf8'))
  const [name = '', kind] = file.split('.')
  return {
    name,
    file,
    title: textAt(document, 'info.title') ?? name,
    description: textAt(document, 'info.description') ?? '',
    kind: kind === 'asyncapi' ? 'asyncapi' : 'openapi',
  }
}

const rendererFile = (name: string): string | undefined => {
  const [packageName, file] = RENDERERS.get(name) ?? []
  if (packageName === undefined || file === undefined) return undefined
  try {
    return join(dirname(require.resolve(`${packageName}/package.json`)), file)
  } catch (cause) {
    const message = 'what renders the documents is not installed: run `npm ci` without `--omit=dev`'
    throw new CommandError(EXIT.usage, message, [String(cause)])
  }
}

const assetOf = (name: string): Served | undefined => {
  const type = name.endsWith('.css') ? TYPES.css : TYPES.js
  const own = ownAssets.get(name)
  if (own !== undefined) return { type, body: own }
  const file = rendererFile(name)
  return file === undefined ? undefined : { type, body: readFileSync(file) }
}

const servedAt = (path: string, pages: readonly DocumentPage[]): Served | undefined => {
  if (path === '/') return { type: 'text/html', body: indexPage(pages) }
  const page = pages.find(({ name }) => path === `/${name}`)
  if (page) return { type: 'text/html', body: documentPage(page) }
  const document = pages.find(({ file }) => path === `/documents/${file}`)
  if (document) return { type: TYPES.json, body: readFileSync(join(folder, document.file)) }
  return path.startsWith('/assets/') ? assetOf(path.slice('/assets/'.length)) : undefined
}

const answer = (request: IncomingMessage, response: ServerResponse, pages: readonly DocumentPage[]): void => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const served = request.method === 'GET' ? servedAt(path, pages) : undefined
  const headers = {
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
  if (served === undefined) response.writeHead(404, headers).end('there is no such page\n')
  else response.writeHead(200, { ...headers, 'content-type': `${served.type}; charset=utf-8` }).end(served.body)
}

/** On the loopback interface alone; 0 takes any free port. */
export const openDocs = async (port: number): Promise<Docs> => {
  const pages = pagesIn()
  for (const name of RENDERERS.keys()) rendererFile(name)
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) =>
    answer(request, response, pages),
  )
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new CommandError(EXIT.usage, `port ${port} cannot be listened on: name another by --port`, [String(cause)])
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const closed = once(server, 'close')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    closed,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
