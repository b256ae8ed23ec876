import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { TopicMismatchError } from '../errors.ts'
import type { EventLog } from '../event-log.ts'
import { declare, type LogHarness, Opened, recordFor, recordsFor, valuesOf } from './harness.ts'

export const describeTopics = (harness: LogHarness): void => {
  describe('topics and positions', () => {
    let opened: Opened
    let log: EventLog

    beforeEach(() => {
      opened = new Opened(harness)
      log = opened.log()
    })
    afterEach(() => opened.close())

    it('makes what is missing, whoever comes first', async () => {
      const [one, two] = [declare({ partitions: 3 }), declare({ compacted: true })]
      await Promise.all([log.ensureTopics([one, two]), opened.log().ensureTopics([two, one])])
      await log.ensureTopics([one])
      expect(await log.positions(one.name)).toEqual(
        [0, 1, 2].map((partition) => ({ topic: one.name, partition, start: 0, end: 0 })),
      )
    })

    it('refuses a topic that exists with other settings, and names them', async () => {
      const made = declare({ partitions: 2 })
      await log.ensureTopics([made])
      const other = { ...made, partitions: 3, compacted: true, retentionMs: 60_000 }
      const fault: unknown = await opened
        .log()
        .ensureTopics([other])
        .catch((reason: unknown) => reason)
      expect(fault).toBeInstanceOf(TopicMismatchError)
      expect(String(fault)).toContain(made.name)
      for (const difference of [/partitions.*2.*3/, /compact/, /retention.*60000/]) {
        expect(String(fault)).toMatch(difference)
      }
    })

    it('tells how topics differ from what is declared, and makes none', async () => {
      const [fits, differs, missing] = [declare(), declare({ partitions: 2 }), declare()]
      await log.ensureTopics([fits, differs])
      const found = await log.inspect([fits, { ...differs, partitions: 3 }, missing])
      expect(found.id).toBe(await log.id())
      expect(found.topics).toHaveLength(2)
      expect(found.topics).toContainEqual({ topic: missing.name, differences: ['it is missing'] })
      expect(found.topics).toContainEqual({ topic: differs.name, differences: ['partitions is 2, declared is 3'] })
      await expect(log.positions(missing.name)).rejects.toBeInstanceOf(TopicMismatchError)
    })

    it('says that a topic is not there', async () => {
      await expect(log.positions(declare().name)).rejects.toBeInstanceOf(TopicMismatchError)
    })

    it('reads a stretch without a group, nothing at the end', async () => {
      const topic = declare({ partitions: 2 })
      await log.ensureTopics([topic])
      await log.append(recordsFor(topic.name, 1, 30))
      const partition = { topic: topic.name, partition: 1 }
      expect(valuesOf(await log.read(partition, 12, 3))).toEqual(['12', '13', '14'])
      expect(valuesOf(await log.read(partition, 28, 100))).toEqual(['28', '29'])
      expect(await log.read(partition, 30, 1)).toEqual([])
      expect(await log.read({ ...partition, partition: 0 }, 0, 1)).toEqual([])
    })

    it('trims the start away, up to the end and not beyond, more than once', async () => {
      const topic = declare({ partitions: 2, trimmed: true })
      await log.ensureTopics([topic])
      await log.append([...recordsFor(topic.name, 0, 20), recordFor(topic.name, 1, 'kept')])
      const partition = { topic: topic.name, partition: 0 }
      const start = async () => (await log.positions(topic.name))[0]?.start
      await log.trim(partition, 7)
      expect(await start()).toBe(7)
      await log.trim(partition, 12)
      expect(await start()).toBe(12)
      await log.trim(partition, 3)
      expect(await start()).toBe(12)
      expect(valuesOf(await log.read(partition, 0, 2))).toEqual(['12', '13'])
      await log.trim(partition, 1_000)
      expect(await log.positions(topic.name)).toEqual([
        { ...partition, start: 20, end: 20 },
        { topic: topic.name, partition: 1, start: 0, end: 1 },
      ])
      await log.append([recordFor(topic.name, 0, 'after')])
      expect((await log.read(partition, 0, 5)).map(({ offset }) => offset)).toEqual([20])
    })

    it('trims only what is declared as trimmed', async () => {
      const topic = declare()
      await log.ensureTopics([topic])
      await log.append(recordsFor(topic.name, 0, 3))
      await expect(log.trim({ topic: topic.name, partition: 0 }, 2)).rejects.toBeInstanceOf(TopicMismatchError)
      expect((await log.positions(topic.name))[0]).toMatchObject({ start: 0, end: 3 })
    })

    it('has an id that its clients share and a log made anew does not', async () => {
      const id = await log.id()
      expect(id.length).toBeGreaterThan(8)
      expect(await opened.log().id()).toBe(id)
      expect(await (await opened.another()).id()).not.toBe(id)
    })

    it('answers a ping', async () => {
      await expect(log.ping()).resolves.toBeUndefined()
    })
  })
}
