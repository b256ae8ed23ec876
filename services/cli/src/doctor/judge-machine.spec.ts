import { describe, expect, it } from '@jest/globals'
import { services } from '../config.ts'
import { judgeMachine } from './judge-machine.ts'
import type { MachineFacts } from './machine-facts.ts'

const long = 'x'.repeat(32)
const masterKey = `${'A'.repeat(43)}=`
const values = new Map([
  ['BANSO_MASTER_KEY', masterKey],
  ...services.map((name) => [`BANSO_SERVICE_TOKEN_${name.toUpperCase()}`, long] as const),
  ...[...services, 'log'].map((name) => [`BANSO_DATABASE_PASSWORD_${name.toUpperCase()}`, long] as const),
])
const secrets = { file: '/home/secrets', mode: 0o600, values }
const well: MachineFacts = {
  node: 'v24.1.0',
  home: '/home',
  freeBytes: 5e9,
  secrets,
  tokens: new Map(services.map((name) => [name, long])),
  postgres: { port: 4032, listens: true },
}
const without = (name: string) => ({ ...secrets, values: new Map([...values].filter(([key]) => key !== name)) })
const having = (name: string, value: string) => ({ ...secrets, values: new Map([...values, [name, value]]) })

const codes = (facts: Partial<MachineFacts>): string[] => judgeMachine({ ...well, ...facts }).map(({ code }) => code)

describe('the machine', () => {
  it('is well', () => expect(codes({})).toEqual([]))

  it('is well without a data folder, where the environment has what is needed', () => {
    expect(codes({ home: null, freeBytes: null, secrets: null, postgres: null })).toEqual([])
  })

  it.each<[string, Partial<MachineFacts>, string]>([
    ['an old Node', { node: 'v20.11.1' }, 'NODE_OLD'],
    ['a full disk', { freeBytes: 100e6 }, 'DISK_FULL'],
    ['neither folder nor tokens', { home: null, secrets: null, tokens: new Map() }, 'HOME_UNKNOWN'],
    ['no secrets in the folder', { secrets: null }, 'SECRETS_MISSING'],
    ['a password that is not there', { secrets: without('BANSO_DATABASE_PASSWORD_LOG') }, 'SECRETS_MISSING'],
    ['secrets that all may read', { secrets: { ...secrets, mode: 0o644 } }, 'SECRETS_READABLE'],
    ['a short token in the folder', { secrets: having('BANSO_SERVICE_TOKEN_HEALTH', 'short') }, 'SECRET_SHORT'],
    ['a short token in the environment', { tokens: new Map([['health', 'short']]) }, 'SECRET_SHORT'],
    ['a master key that is none', { secrets: having('BANSO_MASTER_KEY', long) }, 'SECRET_SHORT'],
    ['a Postgres that was killed', { postgres: { port: 4032, listens: false } }, 'POSTGRES_SILENT'],
  ])('has %s', (_, facts, code) => expect(codes(facts)).toEqual([code]))

  it('never has a new master key made in place of a lost one', () => {
    const [finding] = judgeMachine({ ...well, secrets: without('BANSO_MASTER_KEY') })
    expect(finding).toMatchObject({ code: 'SECRETS_MISSING', cure: expect.stringContaining('from a backup') })
  })

  it('shows no secret', () => {
    const told = JSON.stringify(judgeMachine({ ...well, secrets: having('BANSO_SERVICE_TOKEN_HEALTH', 'hush-hush') }))
    expect(told).toContain('BANSO_SERVICE_TOKEN_HEALTH')
    expect(told).not.toContain('hush')
  })
})
