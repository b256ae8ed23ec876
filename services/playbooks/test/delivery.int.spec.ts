import { eventually, ManualClock } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { DataSource } from 'typeorm'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

let databases: Databases
let service: Service
let receiver: Receiver
const clock = new ManualClock(new Date())

beforeEach(async () => {
  databases = await createDatabases()
  clock.set(new Date())
  receiver = await new Receiver().listen()
  service = await Service.start(databases, { PLAYBOOKS_WEBHOOK_TIMEOUT_MS: '1000' }, clock)
})
afterEach(async () => {
  await service?.close()
  await receiver?.close()
  await databases?.drop()
})

const arrived = (count: number) => eventually(() => expect(receiver.received).toHaveLength(count))
const answering = (...statuses: number[]) => {
  receiver.answer = (response) => void response.writeHead(statuses.shift() ?? 204).end()
}

/** An account turned red, and the first attempt was recorded. */
const attempted = async (document: object = {}) => {
  const secret = await service.put(receiver.url(), document)
  const change = turnedRed()
  await service.publish(change)
  const run = await eventually(async () => {
    const [newest] = await service.runsOf(change.key)
    expect(newest?.actions[0]?.attempts).toHaveLength(1)
    return newest
  })
  return { account: change.key, run, secret }
}

const SECOND = 1_000

describe('an attempt that failed', () => {
  it('is made again by the table, with the same id and a signature of its own time', async () => {
    answering(500, 503)
    const { account, run } = await attempted()
    expect(run?.state).toBe('running')
    const pause = Date.parse(run?.actions[0]?.nextAttemptAt ?? '') - clock.now().getTime()
    expect(pause).toBeGreaterThanOrEqual(5 * SECOND)
    expect(pause).toBeLessThanOrEqual(6 * SECOND)
    clock.advance(6 * SECOND)
    await arrived(2)
    await eventually(async () => expect((await service.runsOf(account))[0]?.actions[0]?.attempts).toHaveLength(2))
    clock.advance(6 * 60 * SECOND)
    const done = await service.runIn('done', account)
    expect(done.actions[0]?.attempts).toMatchObject([
      { number: 1, status: 500, fault: 'status' },
      { number: 2, status: 503, fault: 'status' },
      { number: 3, status: 204, fault: null },
    ])
    const [first, second, third] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(third?.body).toBe(first?.body)
    expect(Number(third?.headers['webhook-timestamp'])).toBeGreaterThan(Number(first?.headers['webhook-timestamp']))
  })

  it('waits as long as the receiver asks for', async () => {
    receiver.answer = (response) => void response.writeHead(429, { 'retry-after': '3600' }).end()
    const { run } = await attempted()
    const pause = Date.parse(run?.actions[0]?.nextAttemptAt ?? '') - clock.now().getTime()
    expect(pause).toBeGreaterThanOrEqual(3_600 * SECOND)
    expect(pause).toBeLessThanOrEqual(1.2 * 3_600 * SECOND)
  })

  it('fails for good after the tenth', async () => {
    receiver.answer = (response) => void response.writeHead(500).end()
    const { account } = await attempted()
    for (let made = 1; made < 10; made += 1) {
      clock.advance(29 * 3_600 * SECOND)
      await arrived(made + 1)
      await eventually(async () =>
        expect((await service.runsOf(account))[0]?.actions[0]?.attempts).toHaveLength(made + 1),
      )
    }
    const failed = await service.runIn('failed', account)
    expect(failed).toMatchObject({ reason: 'attempts-exhausted', actions: [{ state: 'failed', nextAttemptAt: null }] })
  })
})

describe('answers that are no success', () => {
  it('a redirect is a failure and is followed nowhere', async () => {
    const elsewhere = await new Receiver().listen()
    receiver.answer = (response) => void response.writeHead(307, { location: elsewhere.url() }).end()
    const { run } = await attempted()
    expect(run?.actions[0]?.attempts).toMatchObject([{ status: 307, fault: 'redirect' }])
    expect(elsewhere.received).toHaveLength(0)
    await elsewhere.close()
  })

  it('410 fails the run and disables the endpoint until the playbook is put again', async () => {
    answering(410)
    const { account } = await attempted()
    expect(await service.runIn('failed', account)).toMatchObject({ reason: 'gone' })
    const shown = await service.call('GET', '/v1/playbooks/turned-red')
    expect(shown.body).toMatchObject({ endpoint: { state: 'gone', since: clock.now().toISOString() } })

    const next = turnedRed()
    await service.publish(next)
    const refused = await service.runIn('failed', next.key)
    expect(refused).toMatchObject({ reason: 'endpoint-disabled', actions: [{ attempts: [] }] })
    expect(receiver.received).toHaveLength(1)

    await service.put(receiver.url())
    const open = turnedRed()
    await service.publish(open)
    await service.runIn('done', open.key)
  })

  it('410 for a URL of an earlier version leaves the endpoint of the latest as it is', async () => {
    answering(500, 410, 410)
    const { account } = await attempted()
    await service.put(receiver.url('/two'))
    const refused = turnedRed()
    await service.publish(refused)
    await service.runIn('failed', refused.key)
    clock.advance(6 * SECOND)
    expect(await service.runIn('failed', account)).toMatchObject({ reason: 'gone', playbook: { version: 1 } })
    const next = turnedRed()
    await service.publish(next)
    expect(await service.runIn('failed', next.key)).toMatchObject({ reason: 'endpoint-disabled' })
    expect(receiver.received).toHaveLength(3)
  })

  it('an answer without end counts by its status, and is not read', async () => {
    receiver.answer = (response) => {
      response.writeHead(200)
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', more)
      more()
    }
    const { account } = await attempted()
    await service.runIn('done', account)
    await eventually(() => expect(receiver.sockets.size).toBe(0))
  })

  it('a receiver that is too slow', async () => {
    receiver.answer = () => undefined
    const { run } = await attempted()
    expect(run).toMatchObject({ state: 'running', actions: [{ attempts: [{ status: null, fault: 'timeout' }] }] })
  })
})

describe('a target that does not answer in time', () => {
  it('gets four places, and all that waited are sent when it answers again', async () => {
    await service.close()
    service = await Service.start(databases, { PLAYBOOKS_WEBHOOK_TIMEOUT_MS: '2000' }, clock)
    receiver.answer = () => undefined
    await attempted()
    const changes = Array.from({ length: 10 }, () => turnedRed())
    await service.publish(...changes)
    const source = service.app.get(DataSource)
    await eventually(async () => {
      const soon = new Date(clock.now().getTime() + 10 * SECOND)
      const putOff = await source.query<unknown[]>(`SELECT FROM timer WHERE kind = 'send-webhook' AND due_at > $1`, [
        soon,
      ])
      expect(putOff).toHaveLength(6)
    })
    expect(receiver.received).toHaveLength(1 + 4)
    answering(204)
    await eventually(async () => {
      clock.advance(31 * SECOND)
      const running = await service.all('/v1/runs?state=running')
      expect(running).toEqual([])
    })
    expect(await service.all('/v1/runs?state=done')).toHaveLength(1 + 10)
  })
})

describe('targets', () => {
  it('a private one is refused, by address when it is put, by name when it is connected to', async () => {
    await service.close()
    service = await Service.start(databases, { BANSO_ALLOW_PRIVATE_TARGETS: 'false' }, clock)
    const put = (url: string) =>
      service.call('PUT', '/v1/playbooks/private', {
        trigger: { on: 'band-changed' },
        action: { kind: 'webhook', url },
      })
    const refused = await put(receiver.url())
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/action/url' }] } })
    expect((await put(receiver.url('/', 'localhost'))).status).toBe(201)
    const change = turnedRed()
    await service.publish(change)
    expect(await service.runIn('failed', change.key)).toMatchObject({
      reason: 'target-refused',
      actions: [{ attempts: [{ fault: 'target-refused' }] }],
    })
    expect(receiver.connections).toBe(0)
  })

  it('only https outside of development', async () => {
    await service.close()
    service = await Service.start(databases, { BANSO_ENV: 'production' }, clock)
    const answer = await service.call('PUT', '/v1/playbooks/plain', {
      trigger: { on: 'band-changed' },
      action: { kind: 'webhook', url: 'http://hooks.example.com/' },
    })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/action/url' }] } })
  })
})

describe('a restart', () => {
  it('with a webhook under way sends it again under the same id', async () => {
    receiver.answer = () => undefined
    await service.close()
    service = await Service.start(databases, { PLAYBOOKS_WEBHOOK_TIMEOUT_MS: '60000' }, clock)
    await service.put(receiver.url())
    const change = turnedRed()
    await service.publish(change)
    await arrived(1)
    const stopped = service.close()
    await stopped
    answering(204)
    service = await Service.start(databases, {}, clock)
    const run = await service.runIn('done', change.key)
    await arrived(2)
    expect(run.actions[0]?.attempts).toMatchObject([{ number: 1, status: 204 }])
    expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id'])
  }, 60_000)
})

describe('rotating the secret', () => {
  it('signs by both for a day, then by the new one alone', async () => {
    await service.put(receiver.url(), {}, 'rotated')
    const [old, young] = [await service.rotate('rotated'), await service.rotate('rotated')]
    const fire = async () => {
      const change = turnedRed()
      await service.publish(change)
      return eventually(() => {
        const sent = receiver.received.find(
          ({ body }) => body.includes(change.key) && body.includes('"playbook":"rotated"'),
        )
        if (!sent) throw new Error('not yet')
        return sent
      })
    }
    const { headers, body } = await fire()
    for (const secret of [old, young])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ playbook: 'rotated' })
    clock.advance(24 * 3_600 * SECOND + 1)
    const { headers: later } = await fire()
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2)
    expect(String(later['webhook-signature']).split(' ')).toHaveLength(1)
  })
})
