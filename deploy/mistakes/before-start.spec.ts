// Mistakes that are found before anything is started.
import { afterEach, describe, expect, it } from '@jest/globals'
import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temporaryHome } from '../drive/temporary-home.ts'
import { waitUntilReady } from '../local/await-ready.ts'
import { waitForAnyBroker } from '../local/own-kafka.ts'
import { connectWhenReady } from '../local/postgres.ts'
import {
  checkPostgresUrl,
  checkReachable,
  checkSecrets,
  checkSettings,
  checkSpace,
  checkWritable,
} from '../local/preflight.ts'
import { expectSaid } from './page.ts'

const linux = process.platform === 'linux' ? it : it.skip

const said = async (mistake: () => unknown): Promise<string> => {
  try {
    await mistake()
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault)
  }
  return 'nothing'
}

const root = join(import.meta.dirname, '../..')
const asRoot = process.getuid?.() === 0

/** All that a program says. */
const says = (file: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> =>
  new Promise((done) => {
    const { PATH = '' } = process.env
    execFile(file, words, { env: { PATH, ...env } }, (_fault, out, err) => done(out + err))
  })

const ON_SMALL_DISK = 'folder="$1"; shift; mount -t tmpfs -o size=1m none "$folder" && exec "$@"'
/** A command to which a folder is a disk of 1 MB; nobody else sees it so. */
const withSmallDisk = (folder: string, ...command: readonly string[]): string[] => [
  asRoot ? '-m' : '-rm',
  'sh',
  '-c',
  ON_SMALL_DISK,
  'sh',
  folder,
  ...command,
]
const mountable = spawnSync('unshare', withSmallDisk(tmpdir(), 'true')).status === 0
const itWithMounts = mountable ? it : it.skip

/** Asks as somebody who owns nothing here: root may write everywhere. */
const AS_NOBODY = `
  const { checkWritable } = await import(process.argv[1])
  if (process.getuid() === 0) process.setgid(65534), process.setuid(65534)
  try { checkWritable(process.argv[2]) } catch (fault) { console.error(fault.message) }`

/** A port of this machine where nobody listens. */
const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

describe('a mistake found before the start', () => {
  const cleanUps: (() => void)[] = []
  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp()
  })
  const homeHere = (): string => {
    const home = temporaryHome('mistake')
    cleanUps.push(() => home.remove())
    return home.path
  }

  it('is an old Node', async () => {
    const older = `data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.20.2"}})`
    const words = await says(process.execPath, ['--import', older, join(root, 'tools/require-node.mjs')])
    expectSaid(words, 'Node v… is too old…')
  })

  const FULL = '… MB free; at least 500 MB are needed…'
  it('is a full disk', async () => {
    expectSaid(await said(() => checkSpace(homeHere(), 1)), FULL)
  })

  itWithMounts('is a full disk, which is one', async () => {
    const home = homeHere()
    const start = [process.execPath, join(root, 'deploy/local/start.ts')]
    expectSaid(await says('unshare', withSmallDisk(home, ...start), { BANSO_HOME: home }), FULL)
  })

  it('is a folder of somebody else', async () => {
    const home = join(homeHere(), 'theirs')
    mkdirSync(home)
    chmodSync(home, 0o555)
    const preflight = join(root, 'deploy/local/preflight.ts')
    const words = await says(process.execPath, ['--input-type=module', '-e', AS_NOBODY, preflight, home])
    expectSaid(
      words,
      '… cannot be written (…): start as the user whose folder it is, or set BANSO_HOME to another one.',
    )
    expect(words).toContain('(EACCES)')
  })

  linux('is a folder where none can be made', async () => {
    expectSaid(
      await said(() => checkWritable('/proc/banso')),
      '… cannot be written (ENOENT): no folder can be made there…',
    )
  })

  it('is a folder that Postgres cannot reach', async () => {
    const closed = join(homeHere(), 'closed')
    mkdirSync(join(closed, 'data'), { recursive: true })
    chmodSync(closed, 0o700)
    expectSaid(
      await said(() => checkReachable(join(closed, 'data'), true)),
      'Postgres cannot reach …: as root it runs as the user "postgres", who may not enter …',
    )
  })

  it('is a malformed setting', async () => {
    const settings = await said(() => checkSettings({ BANSO_TIMEZONE: 'Tokyo', BANSO_ENV: 'prod' }))
    expectSaid(settings, 'settings are missing or malformed: …')
  })

  it('is a folder without its secrets', async () => {
    const home = homeHere()
    mkdirSync(join(home, 'postgres'))
    expectSaid(
      await said(() => checkSecrets(home)),
      '… holds data, but … is missing: put back the file that the data was made with…',
    )
  })

  it('is the URL of a Postgres', async () => {
    expectSaid(
      await said(() => checkPostgresUrl('postgres://admin:p/w@db/postgres')),
      'BANSO_POSTGRES_URL must be postgres://user:password@host:port/database…',
    )
  })

  it('is a Postgres that does not answer', async () => {
    const url = `postgres://admin:secret@127.0.0.1:${await freePort()}/postgres`
    expectSaid(await said(() => connectWhenReady(url, 100)), 'Postgres does not answer at …')
  })

  it('is a Kafka that does not answer', async () => {
    const brokers = `127.0.0.1:${await freePort()}`
    expectSaid(await said(() => waitForAnyBroker(brokers, 100)), 'Kafka does not answer at … within … s…')
  })

  it('is whatever keeps a service from being ready', async () => {
    const answer = { status: 'error', error: { events: { status: 'down', reason: 'the log is away' } } }
    const service = createServer((_request, reply) => reply.writeHead(503).end(JSON.stringify(answer)))
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    cleanUps.push(() => service.close())
    const address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    const words = await said(() => waitUntilReady(address, 300))
    expectSaid(words, '… is not ready after … s: …')
    expect(words).toMatch(/: events: the log is away$/)
  })
})
