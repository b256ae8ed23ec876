import { type EventType, HEADER, type Headers, topics } from '@banso/contracts'
import { EVENT_LOG, type EventLog, type LogRecord, partitionOf } from '@banso/messaging'
import { bandChanged, eventually, golden, ManualClock, scoreMoved } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Receiver } from './receiver.ts'
import { createDatabases, type Databases, Service } from './service.ts'

let databases: Databases
let service: Service
let receiver: Receiver
const clock = new ManualClock()
const timeOf = (type: EventType): string => golden(type).headers[HEADER.time] ?? ''

const published = async (key: string): Promise<LogRecord[]> => {
  const partition = { topic: topics.runs.name, partition: partitionOf(topics.runs.name, key) }
  const records = await service.app.get<EventLog>(EVENT_LOG).read(partition, 0, 1_000)
  return records.filter((record) => record.key === key)
}

const shown = (headers: Headers, data: unknown) => ({
  time: headers[HEADER.time],
  headers: Object.keys(headers).toSorted(),
  data,
})

const expected = (type: EventType) => shown(golden(type).headers, golden(type).data)

/** The newest published event of this type, on the key of its golden record. */
const actual = (type: EventType) =>
  eventually(async () => {
    const records = await published(golden(type).key)
    const record = records.findLast(({ headers }) => headers[HEADER.type] === type)
    if (!record) throw new Error(`no ${type} was published`)
    return shown(record.headers, JSON.parse(record.value.toString()))
  })

export const describeGolden = (): void => {
  describe('golden records', () => {
    beforeAll(async () => {
      databases = await createDatabases()
      receiver = await new Receiver().listen()
      receiver.answer = (response, { path }) => void response.writeHead(path === '/gone' ? 410 : 204).end()
      service = await Service.start(databases, {}, clock)
      const trigger = { on: 'band-changed', to: ['red', 'amber'] }
      const documents = [{ enabled: false }, { trigger }, { trigger, coolDown: 'P7D' }]
      for (const document of documents) await service.put(receiver.url(), document, 'call-when-health-falls')
      await service.put(receiver.url('/gone'), { trigger: { on: 'score-moved' } }, 'ask-when-score-moves')
    })
    afterAll(async () => {
      await service?.close()
      await receiver?.close()
      await databases?.drop()
    })

    it('the golden fall starts the golden run', async () => {
      clock.set(timeOf('playbooks.run-started.v1'))
      await service.publish(bandChanged({}, { id: golden('health.band-changed.v1').headers[HEADER.id] ?? '' }))
      const types = [
        'playbooks.run-started.v1',
        'playbooks.action-requested.v1',
        'playbooks.action-done.v1',
        'playbooks.run-finished.v1',
      ] as const
      for (const type of types) expect(await actual(type)).toEqual(expected(type))
    })

    it('a second fall within the cool-down is held back', async () => {
      const time = timeOf('playbooks.run-held-back.v1')
      clock.set(time)
      const to = { score: 31.2, band: 'red' as const }
      await service.publish(bandChanged({ to }, { id: '2d711642-b726-4044-8162-7ca9fbac32f5', time }))
      expect(await actual('playbooks.run-held-back.v1')).toEqual(expected('playbooks.run-held-back.v1'))
    })

    it('the golden move asks a receiver that is gone', async () => {
      clock.set(timeOf('playbooks.action-failed.v1'))
      await service.publish(scoreMoved({}, { id: golden('health.score-moved.v1').headers[HEADER.id] ?? '' }))
      expect(await actual('playbooks.action-failed.v1')).toEqual(expected('playbooks.action-failed.v1'))
    })
  })
}
