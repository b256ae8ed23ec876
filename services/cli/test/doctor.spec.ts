// `banso doctor` against answers such as the services give.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { services, type ServiceName } from '../src/config.ts'
import { LocalService, type Reply } from './local-service.ts'
import { run, runIn } from './run.ts'

const TOKEN = 'a-token-that-is-long-enough'
const local = new Map<ServiceName, LocalService>()
const environment: Record<string, string> = {}

beforeAll(async () => {
  for (const name of services) {
    const service = await LocalService.start()
    local.set(name, service)
    environment[`BANSO_${name.toUpperCase()}_URL`] = service.url
    environment[`BANSO_SERVICE_TOKEN_${name.toUpperCase()}`] = TOKEN
  }
})
afterAll(() => Promise.all([...local.values()].map((service) => service.stop())))

const database = (name: string) => ({
  database: `banso_${name}`,
  role: `banso_${name}`,
  version: '18.4',
  clockAheadMs: { least: 0, most: 1 },
  superuser: false,
  mayCreate: true,
  foreignTables: [],
  reachable: [],
  migrations: { pending: [], unknown: [] },
})
const log = { kind: 'embedded', id: 'one', version: 'PostgreSQL 18.4', database: database('log'), topics: [] }

const answerOf = (name: ServiceName, url: string): Reply => {
  if (url === '/health/ready') return { body: { status: 'ok', error: {} } }
  if (url === '/metrics')
    return { body: 'nodejs_version_info{version="v24.1.0",major="24"} 1\ningestion_spool_events 0\n' }
  if (url === '/v1/operations/status')
    return { body: { groups: [], outbox: { state: 'sending', reason: null, rows: 0, oldestSeconds: 0 } } }
  const now = new Date().toISOString()
  return { body: { service: name, version: '0.1.0', now, database: database(name), log } }
}

const answering = (name: ServiceName, more: Readonly<Record<string, Reply>> = {}): void =>
  local.get(name)?.answer(({ url }) => more[url] ?? answerOf(name, url))

beforeEach(() => services.forEach((name) => answering(name)))

interface Diagnosis {
  readonly findings: readonly { readonly code: string; readonly place: string }[]
  readonly notChecked: readonly string[]
}
const diagnosed = async (changed: Record<string, string> = {}): Promise<Diagnosis & { exit: number }> => {
  const { exit, out } = await run({ ...environment, ...changed }, 'doctor', '--json')
  return { exit, ...(JSON.parse(out) as Diagnosis) }
}
const codesOf = ({ findings }: Diagnosis): string[] => findings.map(({ code, place }) => `${place}: ${code}`)

describe('banso doctor', () => {
  it('ends with 0 only when nothing is wrong, and says what it could not look at', async () => {
    const { exit, out, err } = await run(environment, 'doctor')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toBe(
      [
        'not checked: disk and secrets: there is no data folder on this machine',
        'not checked: the disk of Postgres: it does not run from the data folder of this machine',
        'not checked: capture: its address is not known',
        'nothing is wrong',
        '',
      ].join('\n'),
    )
  })

  it('names the service whose address is misspelt, and examines the others', async () => {
    const { exit, findings, notChecked } = await diagnosed({ BANSO_HEALTH_URL: 'htp:/127.0.0.1' })
    expect(exit).toBe(5)
    expect(codesOf({ findings, notChecked })).toEqual(['health: SETTING_WRONG'])
  })

  it('says what, where and how to cure it, and ends with 5', async () => {
    answering('ingestion', { '/metrics': { body: 'ingestion_spool_events{service="ingestion"} 7\n' } })
    const { exit, out, err } = await run(environment, 'doctor')
    expect({ exit, err }).toEqual({ exit: 5, err: 'banso: 1 thing is wrong\n' })
    expect(out).toMatch(/^ingestion: 7 accepted events are in the spool of its database\n {2}cure: the log was away/)
  })

  it('examines the others when one is down', async () => {
    answering('accounts', { '/health/ready': { status: 503, body: { error: { database: { reason: 'away' } } } } })
    const gone = await LocalService.start()
    await gone.stop()
    const diagnosis = await diagnosed({ BANSO_HEALTH_URL: gone.url, BANSO_CAPTURE_URL: gone.url })
    expect(codesOf(diagnosis)).toEqual(['capture: NOT_RUNNING', 'accounts: NOT_READY', 'health: NOT_RUNNING'])
    expect(diagnosis.exit).toBe(5)
    expect(diagnosis.notChecked).toContain('the stores of health: it could not be asked')
  })

  it('tells a port that another program has from one that is free', async () => {
    const other = await LocalService.start()
    other.answer({ body: 'hi' })
    const diagnosis = await diagnosed({ BANSO_JOURNEYS_URL: other.url })
    await other.stop()
    expect(codesOf(diagnosis)).toEqual(['journeys: ADDRESS_WRONG'])
  })

  it('says of the log once what all services tell of it', async () => {
    const open = { ...log, database: { ...database('log'), superuser: true } }
    for (const name of services)
      answering(name, {
        '/v1/operations/checkup': {
          body: { service: name, version: '0.1.0', now: new Date().toISOString(), database: database(name), log: open },
        },
      })
    expect(codesOf(await diagnosed())).toEqual(['the log: ROLE_SUPERUSER'])
  })

  it('measures the clock of a service', async () => {
    const now = new Date(Date.now() + 60_000).toISOString()
    answering('health', {
      '/v1/operations/checkup': {
        body: { service: 'health', version: '0.1.0', now, database: database('health'), log },
      },
    })
    expect(codesOf(await diagnosed())).toEqual(['health: CLOCK_OFF'])
  })

  it('looks into the data folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'banso-doctor-'))
    try {
      const names = services.map((name) => name.toUpperCase())
      const lines = [
        `BANSO_MASTER_KEY=${'A'.repeat(43)}=`,
        ...names.map((name) => `BANSO_SERVICE_TOKEN_${name}=${TOKEN}`),
        ...[...names, 'LOG'].map((name) => `BANSO_DATABASE_PASSWORD_${name}=${TOKEN}`),
      ]
      writeFileSync(join(folder, 'secrets'), `${lines.join('\n')}\n`)
      chmodSync(join(folder, 'secrets'), 0o640)
      const { exit, out } = await runIn({ environment, folder }, '--home', folder, 'doctor', '--json')
      expect(exit).toBe(5)
      expect((JSON.parse(out) as Diagnosis).findings).toMatchObject([
        { code: 'SECRETS_READABLE', place: 'this machine' },
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
