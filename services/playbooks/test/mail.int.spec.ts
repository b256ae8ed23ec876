import { eventually, ManualClock } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import fs from 'node:fs'
import { DataSource } from 'typeorm'
import { Acting, master, sealedAccount } from './acting.ts'
import { Inbox } from './inbox.ts'
import { createDatabases, type Databases, Service } from './service.ts'

const SECOND = 1_000
const content = {
  subject: { en: 'How is {{ account.name }}?', ja: '{{ account.name }} 様のご状況' },
  body: { en: 'Hello,\n\nit was {{ trigger.fromScore }}.', ja: 'お世話になっております。\n\n{{ account.name }} 様' },
}
const toOwner = { kind: 'email', to: 'owner', content: 'how-is-it' }

let databases: Databases
let inbox: Inbox
let acting: Acting
const clock = new ManualClock(new Date())
const start = async (settings: Record<string, string> = {}): Promise<void> => {
  const service = await Service.start(
    databases,
    { BANSO_MASTER_KEY: master, SMTP_URL: inbox.url, BANSO_MAIL_FROM: 'banso@vendor.example', ...settings },
    clock,
  )
  acting = new Acting(service)
  await acting.ensureTopics()
}
const refused = (action: object) =>
  acting.put('Playbook', 'wrong', { trigger: { on: 'band-changed' }, action: { kind: 'email', ...action } })
/** All rows of all tables of the service, and of its log. */
const everyRow = async (): Promise<string> => {
  const source = acting.service.app.get(DataSource)
  const log = await new DataSource({ type: 'postgres', url: databases.log.url }).initialize()
  const texts: string[] = []
  for (const database of [source, log]) {
    const tables = await database.query<{ name: string }[]>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    )
    for (const { name } of tables) texts.push(JSON.stringify(await database.query(`SELECT * FROM ${name}`)))
    for (const { name } of tables) texts.push(JSON.stringify(await database.query(`SELECT t::text FROM ${name} t`)))
  }
  await log.destroy()
  return texts.join()
}
const ownersSaid = (id: string, count: number) =>
  eventually(async () =>
    expect(await acting.rows('SELECT FROM account_owner WHERE account_id = $1', id)).toHaveLength(count),
  )
const account = async (personal: object, changes = {}) => {
  const { id, key, profile, observed } = sealedAccount(personal, changes)
  await acting.service.publish(key, profile, observed)
  await acting.knows(id)
  if ('owner' in personal) await ownersSaid(id, 1)
  return id
}

beforeEach(async () => {
  clock.set(new Date())
  databases = await createDatabases()
  inbox = await new Inbox().listen()
  await start()
  await acting.apply('Content', 'how-is-it', content)
  await acting.act(toOwner)
})
afterEach(async () => {
  await acting?.service.close()
  await inbox?.close()
  await databases?.drop()
})

describe('a mail to the owner', () => {
  it("arrives in the account's language, under the id of run and step", async () => {
    const id = await account({ owner: 'alice@customer.example' }, { traits: { language: 'ja-JP' } })
    await acting.turnRed(id)
    const action = await acting.actionIn('done', id)
    const [sent] = inbox.mails
    expect(sent?.to).toEqual(['alice@customer.example'])
    expect(sent?.mail.messageId).toBe(`<${action.run.id}-action@vendor.example>`)
    expect(sent?.mail.subject).toBe('Acme 様のご状況')
    expect(sent?.mail.text).toContain('お世話になっております。')
    expect(sent?.mail.html).toContain('<p>Acme 様</p>')
    expect(action).toMatchObject({ kind: 'email', channel: 'email', to: 'account-owner', attempts: 1 })
  })

  it('is in the language of the installation where the account names none, and tells what set it off', async () => {
    const id = await account({ owner: 'alice@customer.example' })
    await acting.turnRed(id)
    await acting.actionIn('done', id)
    expect(inbox.mails[0]?.mail.subject).toBe('How is Acme?')
    expect(inbox.mails[0]?.mail.text).toContain('it was 55.')
  })

  it('fails where no owner is known, is seen, and is sent once there is one', async () => {
    const { id, key, profile } = sealedAccount({ phone: '123' })
    await acting.service.publish(key, profile)
    await acting.knows(id)
    await acting.turnRed(id)
    const failed = await acting.actionIn('failed', id)
    expect(failed).toMatchObject({ reason: 'no-owner-address', attempts: 0 })
    expect(await acting.actions('state=failed&kind=email')).toHaveLength(1)
    expect(inbox.mails).toHaveLength(0)

    const known = sealedAccount({ owner: { email: 'alice@customer.example' } }, {}, id)
    await acting.service.publish(known.key, known.observed)
    await eventually(async () => {
      await acting.redrive(failed)
      clock.advance(10 * SECOND) // the owner may come before the key that opens it: then it is tried again by itself
      const [now] = await acting.actions(`account=${id}`)
      expect(now?.state).toBe('done')
    })
    expect(inbox.mails[0]?.to).toEqual(['alice@customer.example'])
    expect(await acting.redrive(failed)).toMatchObject({ status: 409, body: { code: 'ACTION_NOT_FAILED' } })
    expect(inbox.mails).toHaveLength(1)
  })

  it('still arrives after something else personal was said of the account, and no more once the owner is taken away', async () => {
    const { id, key, said } = sealedAccount({})
    const at = (minutes: number) => ({ time: new Date(clock.now().getTime() + minutes * 60 * SECOND) })
    await acting.service.publish(key)
    await eventually(async () => expect(await acting.rows('SELECT FROM person_key')).toHaveLength(1))
    await acting.service.publish(said({ owner: 'alice@customer.example' }, at(0)), said({ phone: '123' }, at(1)))
    await ownersSaid(id, 1)
    await acting.turnRed(id)
    await acting.actionIn('done', id)
    expect(inbox.mails[0]?.to).toEqual(['alice@customer.example'])

    await acting.service.publish(said(null, { traits: { owner: null }, ...at(2) }))
    await eventually(async () =>
      expect(await acting.rows('SELECT FROM account_owner WHERE sealed IS NULL')).toHaveLength(1),
    )
    clock.advance(SECOND)
    await acting.turnRed(id)
    expect(await acting.actionIn('failed', id)).toMatchObject({ reason: 'no-owner-address' })
  })

  it('waits for the key of the account', async () => {
    const { id, key, profile, observed } = sealedAccount({ owner: 'alice@customer.example' })
    await acting.service.publish(profile, observed)
    await acting.knows(id)
    await ownersSaid(id, 1)
    await acting.turnRed(id)
    expect(await acting.attempts(id, 1)).toMatchObject([{ fault: 'owner-key-missing' }])
    await acting.service.publish(key)
    await eventually(async () => expect(await acting.rows('SELECT FROM person_key')).toHaveLength(1))
    clock.advance(6 * SECOND)
    await acting.actionIn('done', id)
    expect(inbox.mails).toHaveLength(1)
  })
})

describe('a mail to an address', () => {
  it('shows it masked', async () => {
    await acting.act({ kind: 'email', to: { address: 'team@vendor.example' }, content: 'how-is-it' }, 'tell-us')
    const id = await account({})
    await acting.turnRed(id)
    await eventually(() => expect(inbox.mails[0]?.to).toEqual(['team@vendor.example']))
    const [action] = await acting.actions(`account=${id}&playbook=tell-us`)
    expect(action?.to).toBe('t…@vendor.example')
  })

  it('is one address, and of a content that is there', async () => {
    expect(await refused({ to: { address: 'a@b.cd, e@f.gh' }, content: 'how-is-it' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/spec/action/to/address' }] },
    })
    expect(await refused({ to: 'owner', content: 'nothing' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/spec/action/content' }] },
    })
  })
})

describe('a mail server', () => {
  it('that says later gets it again by the table, under the same id', async () => {
    const replies = [{ code: 450, message: 'try later' }]
    inbox.taken = () => replies.shift() ?? null
    const id = await account({ owner: 'alice@customer.example' })
    await acting.turnRed(id)
    expect(await acting.attempts(id, 1)).toMatchObject([{ status: 450, fault: 'status' }])
    clock.advance(6 * SECOND)
    const done = await acting.actionIn('done', id)
    expect(done.attempts).toBe(2)
    expect(inbox.mails).toHaveLength(1)
    expect(await acting.metrics()).not.toMatch(/possible_doubles_total\{.*\} [1-9]/)
  })

  it('that says no ends it', async () => {
    inbox.recipient = () => ({ code: 550, message: 'alice@customer.example is unknown' })
    const id = await account({ owner: 'alice@customer.example' })
    await acting.turnRed(id)
    expect(await acting.actionIn('failed', id)).toMatchObject({ reason: 'rejected', attempts: 1 })
  })

  it('that is not set fails it, visibly', async () => {
    await acting.service.close()
    await start({ SMTP_URL: '' })
    const id = await account({ owner: 'alice@customer.example' })
    await acting.turnRed(id)
    expect(await acting.actionIn('failed', id)).toMatchObject({ reason: 'mail-not-configured', attempts: 0 })
  })
})

describe('a process that dies', () => {
  it('between the mail and its record sends it again under the same id, and says so', async () => {
    const id = await account({ owner: 'alice@customer.example' })
    inbox.taken = async () => {
      await acting.rows('ALTER TABLE attempt RENAME TO out_of_reach')
      return null
    }
    await acting.turnRed(id)
    await eventually(async () => expect(await acting.rows('SELECT FROM timer WHERE failures = 1')).toHaveLength(1))
    inbox.taken = () => null
    await acting.rows('ALTER TABLE out_of_reach RENAME TO attempt')
    clock.advance(2 * SECOND)
    await acting.actionIn('done', id)
    expect(inbox.mails).toHaveLength(2)
    expect(inbox.mails[1]?.mail.messageId).toBe(inbox.mails[0]?.mail.messageId)
    const attempts = await acting.rows('SELECT number, status, possible_double FROM attempt')
    expect(attempts).toEqual([{ number: 1, status: 250, possible_double: true }])
    expect(await acting.metrics()).toMatch(/possible_doubles_total\{channel="email",.*\} 1/)
  })
})

describe('what is personal', () => {
  it('stands in no log line, no metric, no event, no answer and no row of ours', async () => {
    await acting.service.close()
    const lines: string[] = []
    const write = jest.spyOn(fs, 'writeSync').mockImplementation((_fd, data) => {
      lines.push(data)
      return Buffer.byteLength(data)
    })
    try {
      await start({ BANSO_LOG_LEVEL: 'trace' })
      const replies = [{ code: 450, message: 'alice@customer.example must wait' }]
      inbox.recipient = () => replies.shift() ?? null
      const id = await account({ owner: 'alice@customer.example' })
      await acting.turnRed(id)
      await acting.attempts(id, 1)
      clock.advance(6 * SECOND)
      const { run } = await acting.actionIn('done', id)
      inbox.recipient = (address) => ({ code: 550, message: `${address} is unknown` })
      await acting.turnRed(await account({ owner: 'alice@customer.example' }))
      await eventually(async () => expect(await acting.actions('state=failed')).toHaveLength(1))
      const answers = [await acting.service.call('GET', `/v1/runs/${run.id}`), await acting.actions('')]
      expect([await acting.metrics(), JSON.stringify(answers), await everyRow(), lines.join('')].join()).not.toMatch(
        /alice|customer\.example/,
      )
      expect(lines.length).toBeGreaterThan(0)
      expect(inbox.mails[0]?.to).toEqual(['alice@customer.example'])
    } finally {
      write.mockRestore()
    }
  })
})
