import { accountScored, alarmRaised, describeKafka, eventually, kafkaBrokers } from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

describeKafka('playbooks over Kafka', () => {
  let databases: Databases
  let service: Service
  let receiver: Receiver

  beforeAll(async () => {
    receiver = await new Receiver().listen()
    databases = await createDatabases()
    service = await Service.start(databases, { KAFKA_BROKERS: kafkaBrokers().join(',') })
  }, 60_000)
  afterAll(async () => {
    await service?.close()
    await receiver?.close()
    await databases?.drop()
  })

  it('send one verifiable webhook per change, however often it is told', async () => {
    const secret = await service.put(receiver.url())
    const changes = Array.from({ length: 20 }, () => turnedRed())
    await service.publish(...changes, ...changes)
    for (const { key } of changes) await service.runIn('done', key)
    await eventually(() => expect(receiver.received).toHaveLength(20))
    for (const { body, headers } of receiver.received)
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        playbook: 'turned-red',
      })
  }, 60_000)

  it('run through their steps once, however often they are told of, a condition met by another topic included', async () => {
    const wait = { condition: 'health.band == "green"', limit: 'P1D' }
    const action = { kind: 'webhook', url: receiver.url('/recovered') }
    await service.call('PUT', '/v1/playbooks/recovers', {
      mode: 'active',
      trigger: { on: 'alarm-raised' },
      steps: [
        { id: 'recovery', wait },
        { id: 'tell', action },
      ],
    })
    const alarms = Array.from({ length: 10 }, () => alarmRaised({ accountId: randomUUID() }, { time: new Date() }))
    await service.publish(...alarms, ...alarms)
    for (const { key } of alarms) await service.runIn('running', key)
    await service.publish(...alarms.map(({ key: accountId }) => accountScored({ accountId, band: 'green' })))
    for (const { key } of alarms) await service.runIn('done', key)
    await eventually(() => expect(receiver.received.filter(({ path }) => path === '/recovered')).toHaveLength(10))
  }, 60_000)
})
