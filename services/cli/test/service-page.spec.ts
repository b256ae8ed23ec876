// Runs the examples of SERVICE.md against answers such as the services give.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildProgram } from '../src/program.ts'
import { LocalService } from './local-service.ts'
import { loopAnswers, writeBlueprints } from './loop-answers.ts'
import { runIn } from './run.ts'

const page = readFileSync(join(import.meta.dirname, '../SERVICE.md'), 'utf8')
const examples = [...page.matchAll(/```console\n([^`]*)```/g)]
  .flatMap(([, block = '']) => block.split(/^\$ banso /m).slice(1))
  .map((text) => ({ words: text.slice(0, text.indexOf('\n')), output: text.slice(text.indexOf('\n') + 1) }))

const list = (...items: object[]) => ({ items, next: null })
const app = { name: 'app', kind: 'segment', namespace: 'default', signed: false, createdAt: '2026-01-31T09:30:00.000Z' }
const desk = { ...app, name: 'desk', kind: 'zendesk', createdAt: '2026-01-31T09:31:00.000Z' }
const key = { id: '01a203e2-3bfc-7624-b9c7-d3e2ddf70aa1', kind: 'browser' }
const receipt = {
  state: 'accepted',
  reason: null,
  accountId: '1b641476-ea1f-5837-a1ef-df5c6b8aedfc',
  personId: 'f2ab6289-9366-4273-a947-9ab185afad66',
  receivedAt: '2026-01-31T09:33:00.000Z',
  sortedAt: '2026-01-31T09:33:00.120Z',
  repeats: 0,
}
const held = {
  id: '01a203e2-4bb3-7050-8d80-06eb5be9b928',
  source: 'app',
  messageId: 'm-2',
  reason: 'PERSON_UNKNOWN',
  quarantinedAt: '2026-01-31T09:34:00.000Z',
  redrivenAt: null,
}
const letter = {
  id: '7',
  type: 'ingestion.product-used.v1',
  key: '97214a4c-fb15-53e4-b2e7-ee0e803ab15e',
  reason: 'the data does not fit its schema',
  message: '/personId must match format "uuid"',
  attempts: 1,
  diedAt: '2026-01-31T09:36:00.000Z',
}
const group = (name: string, more: object = {}) => ({
  group: name,
  state: 'running',
  reason: null,
  lag: 0,
  parked: 0,
  dead: 0,
  ...more,
})
const status = (groups: object[], outbox: object = {}) => ({
  groups,
  outbox: { state: 'sending', reason: null, rows: 0, oldestSeconds: 0, ...outbox },
})

const stopped = "ingestion.tickets.v1/3: the position 40 is beyond the log's end 12"

const statuses: Record<string, object> = {
  'Bearer of-ingestion': status([group('ingestion-sorter')]),
  'Bearer of-accounts': status([group('accounts'), group('accounts-echo')]),
  'Bearer of-journeys': status([group('journeys')]),
  'Bearer of-playbooks': status([group('playbooks')]),
  'Bearer of-health': status(
    [group('health', { state: 'stopped', reason: stopped, lag: 120, dead: 1 }), group('health-echo')],
    { rows: 7, oldestSeconds: 12.2 },
  ),
}

/** Health's role may connect where it should not. */
const checkup = (service: string) => ({
  service,
  version: '0.1.0',
  now: new Date().toISOString(),
  database: {
    database: `banso_${service}`,
    role: `banso_${service}`,
    version: '18.4',
    reachable: service === 'health' ? ['banso_accounts'] : [],
  },
  log: { kind: 'embedded', id: 'one', version: 'PostgreSQL 18.4', database: null, topics: [] },
})

const answers: Record<string, object> = {
  'GET /v1/sources': list(app, { ...desk, signed: true }),
  'GET /v1/sources/app': app,
  'PUT /v1/sources/desk/signing-secret': { ...desk, signed: true },
  'POST /v1/sources/app/keys': { ...key, writeKey: 'Cx7nY-bwXTDcMc1pgt8H-lc7itwI-HZa' },
  'GET /v1/sources/app/keys': list({ ...key, createdAt: '2026-01-31T09:32:00.000Z', revokedAt: null }),
  'DELETE /v1/sources/app/keys/01a203e2-3bfc-7624-b9c7-d3e2ddf70aa1': {},
  'GET /v1/sources/app/receipts/m-1': receipt,
  'GET /v1/quarantine?source=app&reason=PERSON_UNKNOWN': list(held),
  'POST /v1/quarantine/redrive': { redriven: 1 },
  ...loopAnswers,
  'GET /v1/runs/01a203e2-5bfc-7624-b9c7-d3e2ddf70aa1': {
    id: '01a203e2-5bfc-7624-b9c7-d3e2ddf70aa1',
    playbook: { name: 'turned-red', version: 1 },
    state: 'running',
    steps: [{ step: 'tell', did: 'failed', at: '2026-01-31T09:40:00.000Z' }],
  },
  'POST /v1/operations/resume': { groups: ['health'], outboxGeneration: null },
  'POST /v1/operations/rebuild': { state: 'rebuilding' },
  'GET /v1/operations/dead': list(letter),
  'POST /v1/operations/dead/replay': { counted: 1, replayed: 1 },
}

const table = buildProgram({ environment: {}, folder: '/', out: () => undefined, err: () => undefined })

/** Those that do something, by the words that name them. */
const commandNames = (command = table, words: readonly string[] = []): string[] =>
  command.commands.length === 0
    ? [words.join(' ')]
    : command.commands.flatMap((one) => commandNames(one, [...words, one.name()]))

describe('SERVICE.md', () => {
  let service: LocalService
  let folder: string
  const ports = { ingestion: 4011, accounts: 4002, health: 4003, journeys: 4004, playbooks: 4005 }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'banso-cli-'))
    writeBlueprints(folder)
    service = await LocalService.start()
    service.answer(({ method, url, authorization = '', body }) => {
      if (url === '/health/ready')
        return authorization === 'Bearer of-health'
          ? {
              status: 503,
              body: { status: 'error', error: { events: { status: 'down', reason: `health is stopped: ${stopped}` } } },
            }
          : { body: { status: 'ok' } }
      if (url === '/v1/operations/checkup') return { body: checkup(/of-(\w+)/.exec(authorization)?.[1] ?? '') }
      if (url === '/v1/operations/status') return { body: statuses[authorization] }
      if (`${method} ${url}` === 'POST /v1/sources')
        return { body: (body as { name: string }).name === 'app' ? app : desk }
      const answer = answers[`${method} ${url}`] ?? answers[`${method} ${url} ${authorization}`]
      return answer ? { body: answer } : { status: 404, body: { code: 'NOT_FOUND', detail: `${method} ${url}` } }
    })
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await service?.stop()
  })

  const environmentOf = (words: string): Record<string, string> => {
    const capture = words === 'doctor' ? service.url : 'http://127.0.0.1:4001'
    const environment: Record<string, string> = { BANSO_CAPTURE_URL: capture }
    for (const [name, port] of Object.entries(ports)) {
      const token = words === 'doctor' ? `of-${name} and long enough` : `of-${name}`
      environment[`BANSO_SERVICE_TOKEN_${name.toUpperCase()}`] = token
      const url = words.startsWith('token') ? `http://127.0.0.1:${port}` : service.url
      environment[`BANSO_${name.toUpperCase()}_URL`] = url
    }
    return environment
  }

  it('has an example of every command but the one that serves until it is ended', () => {
    const without = commandNames().filter((name) => !examples.some(({ words }) => `${words} `.startsWith(`${name} `)))
    expect(without).toEqual(['docs'])
  })

  it.each(examples)('$words', async ({ words, output }) => {
    expect((await runIn({ environment: environmentOf(words), folder }, ...words.split(' '))).out).toBe(output)
  })

  it.each(examples)('$words --json: one value on one line', async ({ words }) => {
    const place = { environment: environmentOf(words), folder }
    const [person, program] = [
      await runIn(place, ...words.split(' ')),
      await runIn(place, ...words.split(' '), '--json'),
    ]
    expect(program.out).toMatch(/^.+\n$/)
    expect(JSON.parse(program.out)).toEqual(expect.anything())
    expect({ exit: program.exit, err: program.err }).toEqual({ exit: person.exit, err: person.err })
  })
})
