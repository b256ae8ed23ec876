// Mistakes that are made with a system that runs in production, on a Postgres of one's own: each is made, and what is said is
// looked up in docs/troubleshooting.md.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NpmStart } from '../drive/npm-start.ts'
import { type OwnPostgres, startOwnPostgres } from '../drive/own-postgres.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { rolesOf, saysItIsOld } from './old-postgres.ts'
import { asUser, databaseOf, secretsOf } from './own-databases.ts'
import { expectSaid } from './page.ts'
import { post, postTicket } from './post.ts'

const PORT_BASE = 30_200
const root = join(import.meta.dirname, '../..')
const capture = `http://127.0.0.1:${PORT_BASE + 1}`
const home = temporaryHome('mistakes')
const elsewhere = temporaryHome('mistakes-elsewhere')

type Environment = Readonly<Record<string, string>>

/** All that a program says. */
const says = (file: string, words: readonly string[], env: Environment, cwd = root): Promise<string> =>
  new Promise((done) => {
    const { PATH = '' } = process.env
    execFile(process.execPath, [file, ...words], { cwd, env: { PATH, ...env } }, (_fault, out, err) => done(out + err))
  })

const banso = (words: readonly string[], env: Environment = {}): Promise<string> =>
  says(join(root, 'services/cli/bin/banso.js'), words, { BANSO_HOME: home.path, ...env })

const event = { userId: 'hanako', event: 'Report Created', context: { groupId: 'acme' } }
const send = (key: string, call: string, body: object): Promise<string> =>
  post(`${capture}/v1/${call}`, body, { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` })

const desk = (source: string, secret: string, minutes?: number): Promise<string> =>
  postTicket(`${capture}/v1/webhooks/zendesk/${source}`, secret, minutes)

const blueprint = async (command: 'plan' | 'apply', text: string): Promise<string> => {
  const file = join(home.path, 'blueprint.yaml')
  writeFileSync(file, text)
  return banso([command, file])
}
const playbook = (name: string, spec: string): string => `kind: Playbook\nname: ${name}\nspec:\n${spec}`

const started: NpmStart[] = []
const start = (env: Environment): NpmStart => {
  const made = new NpmStart(env)
  started.push(made)
  return made
}

let postgres: OwnPostgres | undefined
let system: NpmStart | undefined
let key = ''
beforeAll(async () => {
  postgres = await startOwnPostgres(home.path, PORT_BASE + 32)
  system = start({
    BANSO_HOME: home.path,
    BANSO_PORT_BASE: String(PORT_BASE),
    BANSO_POSTGRES_URL: postgres.url,
    BANSO_ENV: 'production',
    SMTP_URL: `smtp://127.0.0.1:${PORT_BASE + 99}`,
    BANSO_MAIL_FROM: 'success@vendor.example',
  })
  key = await system.writeKey()
}, 100_000)
afterAll(async () => {
  for (const one of started) await one.stop()
  await postgres?.stop()
  home.remove()
  elsewhere.remove()
}, 40_000)

const urlOf = (database: string): string => databaseOf(home.path, PORT_BASE + 32, database)

/** A service of this installation with something set otherwise. */
const service = (name: string, env: Environment): Promise<string> => {
  const own = { [`${name.toUpperCase()}_DATABASE_URL`]: urlOf(name), BANSO_LOG_DATABASE_URL: urlOf('log') }
  const folder = join(root, 'services', name)
  return says(join(folder, 'dist/main.js'), [], { ...secretsOf(home.path), ...own, ...env }, folder)
}

describe('a Postgres of your own', () => {
  it('is served from, and beside it none is started', () => {
    expect(system?.output).toMatch(/^postgres +ready$/m)
    expect(existsSync(join(home.path, 'postgres'))).toBe(false)
  })
})

describe('a mistake at the start', () => {
  it('is a Postgres that is too old, in which nothing is made', async () => {
    const url = postgres?.url ?? ''
    const beside = start({
      BANSO_HOME: elsewhere.path,
      BANSO_PORT_BASE: String(PORT_BASE + 100),
      BANSO_POSTGRES_URL: await saysItIsOld(url),
      BANSO_POSTGRES_PREFIX: 'none',
    })
    expect(await beside.ended()).toBe(1)
    expectSaid(beside.output, 'Postgres … is too old: Banso needs 15 or later…')
    expect(beside.output).toContain('Postgres 14 is too old')
    expect(await rolesOf(url)).toEqual(expect.not.arrayContaining([expect.stringMatching(/^none/)]))
  })

  it('is a port that is taken', async () => {
    const beside = start({ BANSO_HOME: home.path, BANSO_PORT_BASE: String(PORT_BASE) })
    expect(await beside.ended()).toBe(1)
    expectSaid(beside.output, 'port … (capture) is taken…')
  })

  it('is another time zone than that of the first start', async () => {
    const words = await service('health', { BANSO_TIMEZONE: 'Asia/Tokyo' })
    expectSaid(words, 'the days of this installation are days of … since its first start, and cannot become days of …')
  })

  it('is another master key', async () => {
    const made = until('a key in the database', 20_000, async () => {
      await send(key, 'group', { userId: 'hanako', groupId: 'acme' })
      return /accepted/.exec(await banso(['receipt', 'development', 'first'])) ?? undefined
    })
    await send(key, 'identify', { ...event, messageId: 'first', traits: { email: 'hanako@example.com' } })
    await made
    const words = await service('ingestion', { BANSO_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') })
    expectSaid(words, 'BANSO_MASTER_KEY is not the one that this database was filled with…')
  })
})

describe('a mistake with events', () => {
  it('is in the write key', async () => {
    expectSaid(await post(`${capture}/v1/track`, event, {}), 'WRITE_KEY_INVALID … there is no write key…')
    expectSaid(
      await send('wrong', 'track', event),
      'WRITE_KEY_INVALID … the write key is not one of this installation, or was revoked',
    )
  })

  it('is a key that was revoked', async () => {
    await banso(['sources', 'create', 'app'])
    const made = JSON.parse(await banso(['--json', 'keys', 'create', 'app'])) as { id: string; writeKey: string }
    expect(await send(made.writeKey, 'track', event)).toContain('accepted')
    await banso(['keys', 'revoke', 'app', made.id])
    const refusal = await until('the refusal', 5_000, async () => {
      const answer = await send(made.writeKey, 'track', event)
      return answer.includes('accepted') ? undefined : answer
    })
    expectSaid(refusal, 'WRITE_KEY_INVALID … the write key is not one of this installation, or was revoked')
  })

  it('is a browser key that says whose a user is', async () => {
    const made = JSON.parse(await banso(['--json', 'keys', 'create', 'app', '--kind', 'browser'])) as {
      writeKey: string
    }
    expectSaid(
      await send(made.writeKey, 'group', { userId: 'hanako', groupId: 'acme' }),
      'CALL_FORBIDDEN_FOR_KEY … a browser key may not send group…',
    )
  })

  it('is in the address or in the event', async () => {
    expectSaid(await post(`http://127.0.0.1:${PORT_BASE + 11}/v1/track`, event, {}), 'NOT_FOUND … no such route')
    expectSaid(
      await send(key, 'track', { ...event, timestamp: '31/01/2026' }),
      'TIME_INVALID … must be a time by ISO 8601, from 1970 on',
    )
    expectSaid(
      await send(key, 'track', { ...event, properties: { text: 'x'.repeat(40_000) } }),
      'EVENT_TOO_LARGE … an event has at most 32768 bytes',
    )
    expectSaid(await banso(['receipt', 'development', 'none']), 'RECEIPT_NOT_FOUND…')
  })

  it('is to name no account', async () => {
    await send(key, 'track', { userId: 'nobody', event: 'Report Created', messageId: 'early' })
    const receipt = await until('the receipt', 20_000, async () => {
      const found = await banso(['receipt', 'development', 'early'])
      return found.includes('NOT_FOUND') ? undefined : found
    })
    expectSaid(receipt, 'quarantined … PERSON_UNKNOWN')
  })
})

describe('a mistake with the desk', () => {
  it('is in the name, the secret, the clock or the body', async () => {
    const file = join(home.path, 'signing-secret')
    writeFileSync(file, 'a signing secret')
    await banso(['sources', 'create', 'desk', '--kind', 'zendesk', '--signing-secret-file', file])
    const body = await until('the source', 5_000, async () => {
      const answer = await desk('desk', 'a signing secret')
      return answer.includes('SOURCE_NOT_FOUND') ? undefined : answer
    })
    expectSaid(body, 'TICKET_INVALID … must be one of …')
    expectSaid(await desk('help', 'a signing secret'), 'SOURCE_NOT_FOUND … there is no Zendesk source of this name')
    expectSaid(await desk('desk', 'another'), 'SIGNATURE_INVALID … is it that of this webhook?')
    expectSaid(await desk('desk', 'a signing secret', -7), 'SIGNATURE_STALE … is the clock of this machine right?')
  })
})

describe('a mistake in a blueprint', () => {
  it('is a misspelt field, fact, content or kind', async () => {
    const step = '  action: { kind: email, to: owner, content: no-such }'
    expectSaid(
      await blueprint('plan', playbook('typo', `  trigger: { on: band-changed, too: [red] }\n${step}`)),
      '….yaml:…:… is not known here; known: …',
    )
    const words = await blueprint(
      'plan',
      playbook('fact', `  trigger: { on: band-changed }\n  audience: account.trait.plan == "pro"\n${step}`),
    )
    expectSaid(words, '… is not a fact (did you mean …?)')
    expectSaid(words, 'there is no content …')
    expectSaid(await blueprint('plan', 'kind: Playbok\nname: kind\nspec: {}'), 'kind must be one of …')
  })
})

const webhook = (url: string): string => `{ kind: webhook, url: '${url}' }`
/** The only run of a playbook, as `banso runs show` has it, once it says so. */
const shown = (name: string, what: RegExp): Promise<string> =>
  until(`${what} of ${name}`, 30_000, async () => {
    const runs = JSON.parse(await banso(['--json', 'runs', 'list', '--playbook', name])) as {
      items: { id: string }[]
    }
    const run = await banso(['runs', 'show', runs.items[0]?.id ?? ''])
    return what.test(run) ? run : undefined
  })

describe('a mistake with what acts', () => {
  const trigger = '  trigger: { on: band-changed, to: [red], firstScore: true }\n  mode: active'
  const put = (name: string, action: string): Promise<string> =>
    blueprint('apply', playbook(name, `${trigger}\n  action: ${action}`))

  it('is a target that may not be reached, as it is written', async () => {
    expectSaid(await put('plain', webhook('http://example.com/x')), 'must be an https URL…')
    expectSaid(
      await put('inside', webhook('https://10.0.0.1/x')),
      'must not be an address that is not globally routable',
    )
  })

  it('is a mail server that cannot be reached, a target inside by its name, or to wait for a first score', async () => {
    const mail = '{ kind: email, to: { address: mika@example.com }, content: score-turned-red }'
    expect(await put('mail-mika', mail)).toContain('created')
    // Our own capture: whatever came there would be answered.
    expect(await put('by-name', webhook(`https://localhost:${PORT_BASE + 1}/x`))).toContain('created')
    await send(key, 'group', { userId: 'jiro', groupId: 'globex', traits: { name: 'Globex', seats: 25 } })
    await send(key, 'track', { userId: 'jiro', event: 'Report Created', context: { groupId: 'globex' } })
    const log = join(home.path, 'logs/playbooks.log')
    await until('the attempt', 30_000, async () =>
      readFileSync(log, 'utf8').includes('an action was not done and is tried again') ? true : undefined,
    )
    expectSaid(readFileSync(log, 'utf8'), 'an action was not done and is tried again')
    expectSaid(await shown('mail-mika', /fault: /), 'fault: connection')
    expectSaid(await shown('by-name', /fault: /), 'state: failed … reason: target-refused')
    expectSaid(await banso(['runs', 'list', '--account', 'globex']), 'held-back … first-score')
  }, 60_000)
})

describe('a mistake with the command', () => {
  it('is to name no installation, one that is away, or the token of another', async () => {
    const empty = join(home.path, 'empty')
    mkdirSync(empty)
    expectSaid(
      await says(join(root, 'services/cli/bin/banso.js'), ['status'], {}, empty),
      'the address of … is not known: start Banso first, name its folder by --home, or set …',
    )
    const away = { BANSO_HEALTH_URL: `http://127.0.0.1:${PORT_BASE + 99}` }
    expectSaid(await banso(['accounts'], away), 'cannot reach … at …: ECONNREFUSED')
    expectSaid(await banso(['accounts'], { BANSO_SERVICE_TOKEN_HEALTH: 'of another installation' }), 'TOKEN_INVALID…')
  })
})

const put = (database: string, sql: string) => asUser(urlOf(database), (client) => client.query(sql))
const rebuild = (name: string): Promise<string> => banso(['rebuild', name, '--yes'])

describe('a mistake with a command of operators', () => {
  it('is to resume what has not stopped or has no place in the log, or to rebuild what cannot be made anew', async () => {
    expectSaid(await banso(['resume', 'accounts', '--at', 'end']), 'NOT_STOPPED…')
    expectSaid(await rebuild('playbooks'), 'REBUILD_NOT_OFFERED…')
    // From here on the reason that is brought about last is told.
    const topic = 'ingestion.observations.v1'
    await put(
      'accounts',
      `INSERT INTO parked_key VALUES ('accounts', '${topic}', 0, 'acme', 1, now() + interval '1 h')`,
    )
    expectSaid(await rebuild('accounts'), 'REBUILD_KEYS_PARKED … keys of … are parked')
    await put('accounts', 'UPDATE consumer_group SET history_lost_at = now()')
    expectSaid(await rebuild('accounts'), 'REBUILD_LOSES_HISTORY…')
    await put('accounts', `UPDATE consumer_group SET state = 'stopped'`)
    expectSaid(await rebuild('accounts'), 'REBUILD_NOT_RUNNING…')
    await put('accounts', 'UPDATE consumer_progress SET next_offset = 1000000')
    expectSaid(await banso(['resume', 'accounts', '--at', 'progress']), 'RESUME_OUT_OF_RANGE … is not in the log…')
    await put(
      'log',
      `UPDATE partition SET start_offset = next_offset FROM topic WHERE id = topic_id AND name = '${topic}'`,
    )
    expectSaid(await rebuild('accounts'), 'REBUILD_LOG_INCOMPLETE … starts at …, not at 0')
  })
})
