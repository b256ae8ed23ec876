import { afterEach, describe, expect, it } from '@jest/globals'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { temporaryHome } from '../drive/temporary-home.ts'
import {
  blanks,
  checkNode,
  checkPorts,
  checkPostgresUrl,
  checkReachable,
  checkSecrets,
  checkSettings,
  checkSpace,
  checkWritable,
} from './preflight.ts'

describe('before a start', () => {
  const cleanUps: (() => void)[] = []
  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp()
  })
  const homeHere = () => {
    const home = temporaryHome('preflight')
    cleanUps.push(() => home.remove())
    return home.path
  }

  it('refuses an old Node and names the one it needs', () => {
    expect(() => checkNode('v20.20.2')).toThrow(/v20\.20\.2 is too old.*Node 24/)
    expect(() => checkNode('v24.21.0')).not.toThrow()
  })

  it('refuses a disk without space and says what to do', () => {
    const home = homeHere()
    expect(() => checkSpace(home, 100 * 1024 * 1024)).toThrow(/100 MB free; at least 500 MB.*BANSO_HOME/)
    expect(() => checkSpace(home, 600 * 1024 * 1024)).not.toThrow()
  })

  it('refuses a home that cannot be written and says what to do', () => {
    const file = join(homeHere(), 'file')
    writeFileSync(file, '')
    expect(() => checkWritable(join(file, 'home'))).toThrow(/home cannot be written \(ENOTDIR\).*BANSO_HOME/)
    expect(() => checkWritable('/proc/banso/home')).toThrow(/home cannot be written \(\w+\).*BANSO_HOME/)
    const home = join(homeHere(), 'new')
    checkWritable(home)
    expect(existsSync(join(home, 'logs'))).toBe(true)
  })

  it('names the folder through which Postgres may not pass', () => {
    const closed = join(homeHere(), 'closed')
    const home = join(closed, 'data')
    mkdirSync(home, { recursive: true })
    chmodSync(closed, 0o700)
    expect(() => checkReachable(home, true)).toThrow(new RegExp(`may not enter ${closed}\\.`))
    expect(() => checkReachable(home, false)).not.toThrow()
    chmodSync(closed, 0o711)
    expect(() => checkReachable(home, true)).not.toThrow()
  })

  it('names every setting of all services that is malformed, at once', () => {
    expect(() => checkSettings({ BANSO_TIMEZONE: 'Tokyo', BANSO_ENV: 'prod', BANSO_LOG_LEVEL: 'info' })).toThrow(
      /BANSO_ENV must be one of development, production\n {2}BANSO_TIMEZONE must be the IANA name of a time zone, as Asia/,
    )
    expect(checkSettings({})).toEqual({ brokers: undefined, kafka: {}, unknown: [], warnings: [] })
  })

  it('hands on neither what is no setting, nor how a Kafka is spoken to that is not used', () => {
    const settings = checkSettings({ BANSO_HOEM: '/x', KAFKA_TLS: 'true' })
    expect(blanks(settings, 'start')).toMatchObject({ BANSO_HOEM: '', KAFKA_TLS: '', KAFKA_PASSWORD_FILE: '' })
    expect(blanks(settings, 'at')).toEqual({ BANSO_HOEM: '', KAFKA_BROKERS_FILE: '' })
  })

  it('warns of names that are no settings, and of a user of Kafka without TLS', () => {
    const user = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'banso', KAFKA_PASSWORD: 'x' }
    expect(checkSettings({ KAFKA_BROKERS: 'kafka:9092', ...user, BANSO_HOEM: '/x', HEALTH_PROT: '1' })).toEqual({
      brokers: 'kafka:9092',
      kafka: { sasl: { mechanism: 'plain', username: 'banso', password: 'x' } },
      unknown: ['BANSO_HOEM'],
      warnings: [
        'BANSO_HOEM is not a setting of Banso; did you mean BANSO_HOME?',
        expect.stringMatching(/^Kafka is spoken to without TLS: the password/),
      ],
    })
    expect(() => checkSettings({ BANSO_HOEM: '/x', KAFKA_USERNAME: 'banso' })).toThrow(
      /need KAFKA_SASL_MECHANISM beside them.*\n {2}BANSO_HOEM is not a setting of Banso/,
    )
  })

  it.each(['localhost:5432', 'mysql://root:x@db/mysql', 'postgres://', 'postgres://admin:p/w@db/postgres'])(
    'refuses %s as the URL of a Postgres, and shows no password',
    (url) => {
      expect(() => checkPostgresUrl(url)).toThrow(/^BANSO_POSTGRES_URL must be postgres:\/\/user:password@host/)
    },
  )

  it('takes the URL of a Postgres', () => {
    expect(() => checkPostgresUrl('postgres://admin:p%2Fw@db.example.com/postgres?sslmode=require')).not.toThrow()
  })

  it('refuses data whose secrets are gone, and secrets without the master key', () => {
    const home = homeHere()
    expect(() => checkSecrets(home)).not.toThrow()
    mkdirSync(join(home, 'postgres'))
    expect(() => checkSecrets(home)).toThrow(/holds data, but .*secrets is missing: put back the file/)
    writeFileSync(join(home, 'secrets'), 'BANSO_MASTER_KEY=\nBANSO_SERVICE_TOKEN_HEALTH=x\n')
    expect(() => checkSecrets(home)).toThrow(/secrets has no BANSO_MASTER_KEY/)
    writeFileSync(join(home, 'secrets'), 'BANSO_MASTER_KEY=a\n')
    expect(() => checkSecrets(home)).not.toThrow()
  })

  it('names every port that is taken', async () => {
    const servers: Server[] = [createServer(), createServer()]
    for (const server of servers) {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      cleanUps.push(() => server.close())
    }
    const [one = 0, two = 0] = servers.map((server) => (server.address() as AddressInfo).port)
    await expect(checkPorts({ capture: one, health: two })).rejects.toThrow(
      `port ${one} (capture) is taken; port ${two} (health) is taken. Stop what listens there`,
    )
  })
})
