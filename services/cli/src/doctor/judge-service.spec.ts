import { describe, expect, it } from '@jest/globals'
import { CommandError, EXIT } from '../exit-codes.ts'
import type { Finding } from './finding.ts'
import { judgeInstallation } from './judge-installation.ts'
import { judgeService } from './judge-service.ts'
import type { ServiceFacts } from './service-facts.ts'

const VERSION = '1.2.0'
const inTime = { least: -3, most: 4 }
const database = {
  database: 'banso_health',
  role: 'banso_health',
  version: '18.4',
  clockAheadMs: inTime,
  superuser: false,
  mayCreate: true,
  foreignTables: [],
  reachable: ['of_another_program'],
  migrations: { pending: [], unknown: [] },
}
const ofLog = { ...database, database: 'banso_log', role: 'banso_log' }
const log = { kind: 'embedded', id: 'log-1', version: 'PostgreSQL 18.4', database: ofLog, topics: [] }
const kafka = { ...log, kind: 'kafka', version: 'Apache Kafka 4.0 or later', database: null }
const group = { group: 'health', state: 'running', reason: null, lag: 12, parked: 0, dead: 0 }
const outbox = { state: 'sending', reason: null, rows: 3, oldestSeconds: 0.2 }
const well: ServiceFacts = {
  service: 'health',
  url: 'http://127.0.0.1:4003',
  ready: 200,
  notReady: [],
  status: { groups: [group], outbox },
  checkup: { service: 'health', version: VERSION, database, log },
  clockAheadMs: inTime,
  node: 'v24.1.0',
  spooled: null,
  fault: null,
}

const checkup = (more: object) => ({ checkup: { service: 'health', version: VERSION, database, log, ...more } })
const inDatabase = (more: object) => checkup({ database: { ...database, ...more } })
const inLog = (more: object) => checkup({ log: { ...log, ...more } })
const grouped = (more: object) => ({ status: { groups: [{ ...group, ...more }], outbox } })
const sending = (more: object) => ({ status: { groups: [group], outbox: { ...outbox, ...more } } })
const judged = (more: Partial<ServiceFacts>): readonly Finding[] => judgeService({ ...well, ...more }, VERSION)

const silent = { ready: null, status: null, checkup: null, clockAheadMs: null, node: null }
const unreachable = new CommandError(EXIT.unreachable, 'cannot reach health at http://127.0.0.1:4003: ECONNREFUSED')
const noJson = new CommandError(EXIT.failed, 'health at http://127.0.0.1:4003 answered 404 and no JSON')
const refused = new CommandError(EXIT.refused, 'health refused: TOKEN_INVALID: the token is not the one')
const older = new CommandError(EXIT.refused, 'health refused: NOT_FOUND: Cannot GET /v1/operations/checkup')

describe('a service', () => {
  it('is well', () => expect(judged({})).toEqual([]))
  it('is well on Kafka', () => expect(judged(checkup({ log: kafka }))).toEqual([]))

  it.each<[string, Partial<ServiceFacts>, string]>([
    ['that nothing answers for', { ...silent, fault: unreachable }, 'NOT_RUNNING'],
    ['whose port another program has', { ...silent, fault: noJson }, 'ADDRESS_WRONG'],
    ['at whose address another answers', checkup({ service: 'accounts' }), 'ADDRESS_WRONG'],
    ['that refuses the token', { status: null, checkup: null, fault: refused }, 'TOKEN_REFUSED'],
    ['of a release before the checkup', { checkup: null, fault: older }, 'STATUS_FAILED'],
    ['that is not ready', { ready: 503, notReady: ['events: down'] }, 'NOT_READY'],
    ['of another release', checkup({ version: '1.1.0' }), 'VERSION_DIFFERS'],
    ['on an old Node', { node: 'v22.3.0' }, 'NODE_OLD'],
    ['whose clock is ahead', { clockAheadMs: { least: 2_500, most: 2_600 } }, 'CLOCK_OFF'],
    ['whose clock is behind', { clockAheadMs: { least: -90_000, most: -80_000 } }, 'CLOCK_OFF'],
    ['whose database is away', checkup({ database: { fault: 'ECONNREFUSED: refused' } }), 'DATABASE_AWAY'],
    ['on an old Postgres', inDatabase({ version: '14.9' }), 'POSTGRES_OLD'],
    ['whose database has another time', inDatabase({ clockAheadMs: { least: 5e3, most: 6e3 } }), 'DATABASE_CLOCK_OFF'],
    ['whose role is a superuser', inDatabase({ superuser: true }), 'ROLE_SUPERUSER'],
    ['whose role may make no tables', inDatabase({ mayCreate: false }), 'ROLE_MAY_NOT_CREATE'],
    ['whose tables are not its own', inDatabase({ foreignTables: ['outbox'] }), 'TABLES_FOREIGN'],
    ['that has not migrated', inDatabase({ migrations: { pending: ['A1'], unknown: [] } }), 'MIGRATIONS_PENDING'],
    ['older than its database', inDatabase({ migrations: { pending: [], unknown: ['B2'] } }), 'MIGRATIONS_UNKNOWN'],
    ['whose log is away', checkup({ log: { fault: 'no answer within 10 s' } }), 'LOG_AWAY'],
    ['on an old Kafka', checkup({ log: { ...kafka, version: 'Apache Kafka 2.8' } }), 'KAFKA_OLD'],
    ['whose log is on an old Postgres', inLog({ database: { ...ofLog, version: '12.1' } }), 'POSTGRES_OLD'],
    ['whose topic is not as declared', inLog({ topics: [{ topic: 't', differences: ['x'] }] }), 'TOPIC_DIFFERS'],
    ['that stands still', grouped({ state: 'stopped', reason: 'another log' }), 'GROUP_STOPPED'],
    ['that is far behind', grouped({ lag: 10_001 }), 'LAG'],
    ['that has parked a message', grouped({ parked: 1 }), 'PARKED'],
    ['that gave up a message', grouped({ dead: 2 }), 'DEAD'],
    ['whose outbox is behind the log', sending({ state: 'behind', reason: 'restored' }), 'OUTBOX_BEHIND'],
    ['whose outbox waits', sending({ oldestSeconds: 31 }), 'OUTBOX_OLD'],
    ['with a spool that is not empty', { spooled: 4 }, 'SPOOL'],
  ])('%s', (_, facts, code) => {
    const findings = judged(facts)
    expect(findings.map((finding) => finding.code)).toEqual([code])
    expect(findings[0]).toMatchObject({ what: expect.stringMatching(/\S/), cure: expect.stringMatching(/\S/) })
  })

  it('tells all that is wrong, not the first of it', () => {
    const codes = judged({ ...inDatabase({ superuser: true, version: '12.0' }), spooled: 1 }).map(({ code }) => code)
    expect(codes).toEqual(['POSTGRES_OLD', 'ROLE_SUPERUSER', 'SPOOL'])
  })

  it('is not said to have another time where the answer was too slow to tell', () => {
    expect(judged({ clockAheadMs: { least: -500, most: 9_000 } })).toEqual([])
  })
})

describe('the services together', () => {
  const other: ServiceFacts = {
    ...well,
    service: 'accounts',
    checkup: {
      service: 'accounts',
      database: { ...database, database: 'banso_accounts', role: 'banso_accounts' },
      log,
    },
  }

  it('are well', () => expect(judgeInstallation([well, other])).toEqual([]))

  it('must not be able to connect to the databases of one another', () => {
    const open = { ...well, ...inDatabase({ reachable: ['banso_accounts', 'banso_log'] }) }
    expect(judgeInstallation([open, other])).toMatchObject([
      { code: 'DATABASE_OPEN', place: 'health', what: expect.stringContaining('banso_accounts') },
      { code: 'DATABASE_OPEN', place: 'health', what: expect.stringContaining('banso_log') },
    ])
  })

  it('must be closed to the role of the log', () => {
    const open = { ...well, ...inLog({ database: { ...ofLog, reachable: ['banso_accounts'] } }) }
    expect(judgeInstallation([open, other])).toMatchObject([{ code: 'DATABASE_OPEN', place: 'the log' }])
  })

  it('must speak over one log', () => {
    const [finding] = judgeInstallation([well, { ...other, checkup: { log: kafka } }])
    expect(finding).toMatchObject({
      code: 'LOG_DIFFERS',
      what: 'the services do not speak over one log: health on embedded log-1; accounts on kafka log-1',
    })
  })
})
