import { describeKafka, eventually, kafkaBrokers } from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
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
})
