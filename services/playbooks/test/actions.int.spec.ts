import { eventually, ManualClock } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Transactions } from '@banso/messaging'
import { Webhook } from 'standardwebhooks'
import { actionTimer } from '../src/start-actions/action-timer.ts'
import { Acting, master, sealedAccount } from './acting.ts'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'

const SECOND = 1_000
const SECRET_PATH = '/services/T000/B000/x0x0secret'

let databases: Databases
let receiver: Receiver
let acting: Acting
const clock = new ManualClock(new Date())

/** As Slack answers: by a word of text. */
const slackSays = (status: number, word: string, headers: Record<string, string> = {}): void => {
  receiver.answer = (response) =>
    void response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(word)
}
const account = async (changes: object = {}): Promise<string> => {
  const { id, key, profile } = sealedAccount({}, changes)
  await acting.service.publish(key, profile)
  await acting.knows(id)
  return id
}

beforeEach(async () => {
  clock.set(new Date())
  databases = await createDatabases()
  receiver = await new Receiver().listen()
  acting = new Acting(await Service.start(databases, { BANSO_MASTER_KEY: master }, clock))
  await acting.ensureTopics()
})
afterEach(async () => {
  await acting?.service.close()
  await receiver?.close()
  await databases?.drop()
})

const slack = () => ({
  kind: 'slack',
  url: receiver.url(SECRET_PATH),
  text: ':rotating_light: *{{ account.name }}* turned {{ trigger.to }}',
})

describe('a Slack message', () => {
  it('is a text, with nothing in its values that Slack would act on', async () => {
    slackSays(200, 'ok')
    await acting.act(slack())
    const id = await account({ name: '<!channel> & Co' })
    await acting.turnRed(id)
    const action = await acting.actionIn('done', id)
    const [sent] = receiver.received
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      text: ':rotating_light: *&lt;!channel&gt; &amp; Co* turned red',
    })
    expect(sent?.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(sent?.headers['webhook-signature']).toBeUndefined()
    expect(action).toMatchObject({ kind: 'webhook', channel: 'slack', attempts: 1 })
  })

  it('may be written by a content', async () => {
    await acting.apply('Content', 'red', { subject: { en: 'Red: {{ account.name }}' }, body: { en: 'Call them.\n' } })
    await acting.act({ kind: 'slack', url: receiver.url(SECRET_PATH), content: 'red' })
    await acting.turnRed(await account())
    await eventually(() => expect(receiver.received).toHaveLength(1))
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({ text: '*Red: Acme*\nCall them.' })
  })

  it('that Slack does not take fails at once; its URL is shown nowhere', async () => {
    slackSays(400, 'invalid_payload')
    await acting.act(slack())
    const id = await account()
    await acting.turnRed(id)
    const failed = await acting.actionIn('failed', id)
    expect(failed).toMatchObject({ reason: 'rejected', attempts: 1, to: expect.stringMatching(/:\d+\/…$/) })
    await acting.act({ ...slack(), url: receiver.url(`${SECRET_PATH}2`) })
    const changed = await acting.put('Playbook', 'act', { trigger: { on: 'band-changed' }, action: slack() })
    const paths = [`/v1/runs/${failed.run.id}`, '/v1/playbooks/act', '/v1/playbooks', '/v1/blueprints/Playbook/act']
    const shown = await Promise.all(paths.map((path) => acting.service.call('GET', path)))
    expect(shown.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(changed.body).toMatchObject({
      changes: expect.arrayContaining([expect.objectContaining({ pointer: '/spec/action/url' })]),
    })
    expect(JSON.stringify([failed, changed, shown])).not.toContain('x0x0secret')
  })

  it('that comes too soon waits as long as Slack says, and is tried again', async () => {
    slackSays(429, 'rate_limited', { 'retry-after': '30' })
    await acting.act(slack())
    const id = await account()
    await acting.turnRed(id)
    await acting.attempts(id, 1)
    const [action] = await acting.actions(`account=${id}`)
    expect(new Date(action?.nextAttemptAt ?? 0).getTime() - clock.now().getTime()).toBeGreaterThanOrEqual(30 * SECOND)
    slackSays(200, 'ok')
    clock.advance(37 * SECOND)
    await acting.actionIn('done', id)
    expect(receiver.received).toHaveLength(2)
  })

  it('that got no answer and is sent again is a possible double', async () => {
    receiver.answer = (response) => void response.socket?.destroy()
    await acting.act(slack())
    const id = await account()
    await acting.turnRed(id)
    expect(await acting.attempts(id, 1)).toMatchObject([{ fault: 'connection' }])
    slackSays(200, 'ok')
    clock.advance(6 * SECOND)
    await acting.actionIn('done', id)
    expect(await acting.rows('SELECT number, possible_double FROM attempt ORDER BY number')).toEqual([
      { number: 1, possible_double: false },
      { number: 2, possible_double: true },
    ])
  })
})

describe('a webhook with a body of its own', () => {
  const body =
    '{ "who": "{{ account.name }}", "score": {{ trigger.toScore | json }}, "step": "{{ step }}", "v": {{ playbook.version }} }'

  it('is that JSON, signed', async () => {
    const { body: put } = await acting.put('Playbook', 'own', {
      mode: 'active',
      trigger: { on: 'band-changed', to: ['red'] },
      action: { kind: 'webhook', url: receiver.url(), body },
    })
    const id = await account({ name: 'A "quoted" \\ name' })
    await eventually(async () => {
      await acting.turnRed(id)
      expect(receiver.received.length).toBeGreaterThan(0)
    })
    const [sent] = receiver.received
    const verified = new Webhook(put.secret ?? '').verify(sent?.body ?? '', sent?.headers as Record<string, string>)
    expect(verified).toEqual({ who: 'A "quoted" \\ name', score: 31, step: 'action', v: 1 })
    expect(sent?.headers['content-type']).toBe('application/json')
  })

  it('that is no JSON fails without being sent', async () => {
    await acting.act({ kind: 'webhook', url: receiver.url(), body: '{ "who": {{ account.name }} }' })
    const id = await account()
    await acting.turnRed(id)
    expect(await acting.actionIn('failed', id)).toMatchObject({ reason: 'body-not-json', attempts: 0 })
    expect(receiver.received).toHaveLength(0)
  })

  it('is refused with its place when it names what is not there', async () => {
    const action = { kind: 'webhook', url: receiver.url(), body: '{\n "a": "{{ acount.name }}" }' }
    expect(await acting.put('Playbook', 'wrong', { trigger: { on: 'band-changed' }, action })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/spec/action/body', line: 2, column: 11 }] },
    })
  })
})

describe('a task', () => {
  const task = {
    kind: 'task',
    title: 'Call {{ account.name }}',
    note: 'It was {{ trigger.fromScore }}.',
    owner: { name: 'mika' },
    dueIn: 'P3D',
  }

  it('is made with its owner and due date, listed, and done', async () => {
    await acting.act(task)
    await acting.act({ ...task, title: 'Look after them', owner: 'owner', dueIn: 'P1D' }, 'own')
    const id = await account()
    await acting.turnRed(id)
    const made = await eventually(async () => {
      const tasks = await acting.tasks(`account=${id}`)
      expect(tasks).toHaveLength(2)
      return tasks
    })
    expect(made.map(({ title, owner }) => [title, owner])).toEqual([
      ['Look after them', 'account-owner'],
      ['Call Acme', 'mika'],
    ])
    const [mine] = await acting.tasks('owner=mika&state=open')
    expect(mine).toMatchObject({ note: 'It was 55.', state: 'open', account: { id }, closed: null })
    expect(new Date(mine?.dueAt ?? 0).getTime() - clock.now().getTime()).toBeLessThanOrEqual(3 * 86_400 * SECOND)
    const done = await acting.service.call('POST', `/v1/tasks/${mine?.id}/done`, { by: 'mika', note: 'spoke to Ken' })
    expect(done).toMatchObject({ status: 200, body: { state: 'done', closed: { by: 'mika', note: 'spoke to Ken' } } })
    const again = await acting.service.call('POST', `/v1/tasks/${mine?.id}/done`, { by: 'someone else' })
    expect(again).toMatchObject({ status: 200, body: { closed: { by: 'mika' } } })
    expect(await acting.tasks('owner=mika&state=open')).toEqual([])
    expect(await acting.service.call('POST', `/v1/tasks/${id}-action/done`, { by: 'mika' })).toMatchObject({
      status: 404,
      body: { code: 'TASK_NOT_FOUND' },
    })
  })

  it('is made once, however often it is asked for', async () => {
    await acting.act(task)
    const id = await account()
    await acting.turnRed(id)
    const { run } = await acting.actionIn('done', id)
    const asked = { runId: run.id, step: run.step, accountId: id, channel: 'task' as const }
    for (let count = 0; count < 3; count += 1) {
      await acting.service.app.get(Transactions).run([id], async (work) => {
        work.schedule(actionTimer(asked, work.now))
      })
      await eventually(async () => expect(await acting.rows(`SELECT FROM timer WHERE kind = 'make-task'`)).toEqual([]))
    }
    expect(await acting.tasks(`account=${id}`)).toHaveLength(1)
  })
})

describe('re-driving', () => {
  it('sends a webhook again that had failed for good, under its id, with all its attempts anew', async () => {
    receiver.answer = (response) => void response.writeHead(410).end()
    await acting.act({ kind: 'webhook', url: receiver.url() })
    const id = await account()
    await acting.turnRed(id)
    const failed = await acting.actionIn('failed', id)
    expect(failed.reason).toBe('gone')
    receiver.answer = (response) => void response.writeHead(204).end()
    expect(await acting.redrive(failed)).toMatchObject({ status: 202, body: { state: 'requested' } })
    expect(await acting.actionIn('done', id)).toMatchObject({ attempts: 2, reason: null })
    const [first, second] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  })

  it('knows only what has failed', async () => {
    const unknown = '0d7a0a52-52a8-5e1c-8c37-4f6a2f1c7c11'
    expect(await acting.service.call('POST', `/v1/actions/${unknown}/action/redrive`)).toMatchObject({
      status: 404,
      body: { code: 'ACTION_NOT_FOUND' },
    })
  })
})
