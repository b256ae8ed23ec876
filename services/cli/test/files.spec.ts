// Commands that read the installation's folder or a file.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalService } from './local-service.ts'
import { runIn } from './run.ts'

let service: LocalService
let root: string

beforeAll(async () => {
  service = await LocalService.start()
  root = mkdtempSync(join(tmpdir(), 'banso-cli-'))
  mkdirSync(join(root, '.banso'))
  mkdirSync(join(root, 'playbooks'))
  writeFileSync(
    join(root, '.banso/secrets'),
    'BANSO_MASTER_KEY=master\nBANSO_SERVICE_TOKEN_PLAYBOOKS=of-playbooks\nBANSO_SERVICE_TOKEN_INGESTION=of-ingestion\nBANSO_SERVICE_TOKEN_HEALTH=of-health\n',
  )
  writeFileSync(
    join(root, '.banso/addresses.json'),
    JSON.stringify({ playbooks: service.url, ingestion: service.url, capture: 'http://127.0.0.1:4001' }),
  )
})
afterAll(async () => {
  rmSync(root, { recursive: true })
  await service?.stop()
})

const banso = (...words: string[]) => runIn({ environment: {}, folder: join(root, 'playbooks') }, ...words)
const file = (name: string, text: string): string => {
  const path = join(root, 'playbooks', name)
  writeFileSync(path, text)
  return path
}

describe('banso token', () => {
  it('shows addresses and tokens, and never the master key', async () => {
    const { exit, out } = await banso('token')
    expect(exit).toBe(0)
    expect(out).toBe(
      [
        'SERVICE    ADDRESS                 TOKEN',
        'capture    http://127.0.0.1:4001   -',
        `ingestion  ${service.url}  of-ingestion`,
        'accounts   -                       -',
        'health     -                       of-health',
        'journeys   -                       -',
        `playbooks  ${service.url}  of-playbooks`,
        '',
      ].join('\n'),
    )
  })

  it('shows the others where an address is misspelt, and ends with that', async () => {
    const place = { environment: { BANSO_HEALTH_URL: 'htp:/x' }, folder: root }
    const { exit, out, err } = await runIn(place, 'token')
    expect({ exit, err }).toEqual({ exit: 2, err: 'banso: the address of health is not an http(s) URL: htp:/x\n' })
    expect(out).toContain(`playbooks  ${service.url}  of-playbooks\n`)
  })

  it('prints one token alone, for scripts', async () => {
    expect(await banso('token', 'health')).toEqual({ exit: 0, out: 'of-health\n', err: '' })
    expect(await banso('token', 'accounts')).toMatchObject({ exit: 2, out: '' })
  })
})

describe('banso playbooks put', () => {
  const document = { trigger: { on: 'band-changed' }, action: { kind: 'webhook', url: 'https://hooks.example.com/x' } }

  it('puts a file under its own name and shows the secret of a new one', async () => {
    const path = file('save-the-account.json', JSON.stringify(document))
    service.answer({ status: 201, body: { name: 'save-the-account', version: 1, changed: true, secret: 'whsec_abc' } })
    const { exit, out } = await banso('playbooks', 'put', path)
    expect(exit).toBe(0)
    expect(out).toContain('  whsec_abc\n')
    expect(service.asked).toEqual([
      { method: 'PUT', url: '/v1/playbooks/save-the-account', authorization: 'Bearer of-playbooks', body: document },
    ])
  })

  it('finds a file from where it is called, takes another name, and has no secret to show the second time', async () => {
    file('x.json', JSON.stringify(document))
    service.answer({ body: { name: 'other', version: 1, changed: false } })
    const { out } = await banso('playbooks', 'put', 'x.json', '--name', 'other')
    expect(service.asked).toMatchObject([{ url: '/v1/playbooks/other' }])
    expect(out).toBe('name     other\nversion  1\nchanged  false\n')
  })

  it('refuses what is not JSON without sending it, and says where it is broken', async () => {
    service.answer({})
    const path = file('broken.json', '{\n  "trigger": {},\n}')
    const { exit, out, err } = await banso('playbooks', 'put', path)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toMatch(/broken\.json is not JSON\n {2}SyntaxError: .* \(line 3 column 1\)\n$/)
    expect(service.asked).toEqual([])
  })
})

describe('banso sources', () => {
  it('takes a signing secret from a file, so that no list of processes shows it', async () => {
    const source = { name: 'desk', kind: 'zendesk', namespace: 'default', signed: true, createdAt: 't' }
    service.answer({ status: 201, body: source })
    file('secret', 'sign-me-well\n')
    await banso('sources', 'create', 'desk', '--kind', 'zendesk', '--signing-secret-file', 'secret')
    const { out } = await banso('sources', 'sign', 'desk', 'secret')
    expect(service.asked).toMatchObject([
      { method: 'POST', url: '/v1/sources', body: { name: 'desk', kind: 'zendesk', signingSecret: 'sign-me-well' } },
      { method: 'PUT', url: '/v1/sources/desk/signing-secret', body: { signingSecret: 'sign-me-well' } },
    ])
    expect(out).toContain('signed     true\n')
  })
})

describe('banso quarantine', () => {
  it('lists by source and reason, and re-drives some or all', async () => {
    service.answer({ body: { items: [], next: null, redriven: 3 } })
    expect((await banso('quarantine', 'list', '--source', 'app', '--reason', 'no-account')).out).toBe(
      'nothing is quarantined\n',
    )
    await banso('quarantine', 'redrive', 'a', 'b')
    expect((await banso('quarantine', 'redrive', '--all', '--reason', 'no-account', '--max', '5')).out).toBe(
      'redriven: 3\n',
    )
    expect(service.asked.map(({ url, body }) => [url, body])).toEqual([
      ['/v1/quarantine?source=app&reason=no-account', undefined],
      ['/v1/quarantine/redrive', { ids: ['a', 'b'] }],
      ['/v1/quarantine/redrive', { all: true, max: 5, reason: 'no-account' }],
    ])
    expect((await banso('quarantine', 'redrive', 'a', '--reason', 'no-account')).exit).toBe(2)
  })
})
