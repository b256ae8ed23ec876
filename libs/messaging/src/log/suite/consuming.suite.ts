import { randomUUID } from 'node:crypto'
import { eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Batch, EventLog } from '../event-log.ts'
import {
  declare,
  Ledger,
  type LogHarness,
  Opened,
  recordFor,
  recordsFor,
  unexpectedCrash,
  valuesOf,
} from './harness.ts'

export const describeConsuming = (harness: LogHarness): void => {
  describe('consuming', () => {
    let opened: Opened
    let log: EventLog
    let topic: string
    let group: string
    let ledger: Ledger

    beforeEach(async () => {
      opened = new Opened(harness)
      log = opened.log()
      const declared = declare()
      await log.ensureTopics([declared])
      topic = declared.name
      group = `test-${randomUUID()}`
      ledger = new Ledger()
    })
    afterEach(() => opened.close())

    const options = () => ({
      group,
      topics: [topic],
      start: ledger.start,
      onBatch: async (batch: Batch) => ledger.apply(batch),
      onCrash: unexpectedCrash,
    })

    it('hands on every record, in order per partition, those there and those to come', async () => {
      await log.append([0, 1, 2, 3].flatMap((partition) => recordsFor(topic, partition, 500)))
      await opened.consume(log, options())
      await eventually(() => expect(ledger.effects).toHaveLength(2_000), { timeoutMs: 20_000 })
      await log.append([0, 1, 2, 3].flatMap((partition) => recordsFor(topic, partition, 20, 'later-')))
      await eventually(() => expect(ledger.effects).toHaveLength(2_080))
      const expected = [...recordsFor('', 0, 500), ...recordsFor('', 0, 20, 'later-')].map(({ value }) =>
        value.toString(),
      )
      for (const partition of [0, 1, 2, 3]) expect(ledger.valuesOn(partition)).toEqual(expected)
      for (const { records, end } of ledger.batches) expect(end).toBeGreaterThan(records.at(-1)?.offset ?? -1)
    })

    it('begins where the caller says, whatever was consumed before', async () => {
      await log.append(recordsFor(topic, 2, 50))
      const first = await opened.consume(log, options())
      await eventually(() => expect(ledger.effects).toHaveLength(50), { timeoutMs: 20_000 })
      await first.stop()
      const again: string[] = []
      await opened.consume(log, {
        ...options(),
        start: async ({ partition }) => (partition === 2 ? 40 : 0),
        onBatch: async ({ records }) => {
          again.push(...valuesOf(records))
          return { next: (records.at(-1)?.offset ?? 0) + 1, pauseMs: 0 }
        },
      })
      await eventually(() => expect(again).toEqual(valuesOf(ledger.effects.slice(40))), { timeoutMs: 20_000 })
    })

    it('brings a batch again that was answered with its own start', async () => {
      await log.append(recordsFor(topic, 0, 10))
      const seen: string[][] = []
      await opened.consume(log, {
        ...options(),
        onBatch: async (batch) => {
          seen.push(valuesOf(batch.records))
          return seen.length < 3 ? { next: batch.records[0]?.offset ?? 0, pauseMs: 5 } : ledger.apply(batch)
        },
      })
      await eventually(() => expect(ledger.effects).toHaveLength(10), { timeoutMs: 20_000 })
      expect(seen[1]?.slice(0, seen[0]?.length)).toEqual(seen[0])
      expect(seen[2]?.[0]).toBe('0')
      expect(ledger.valuesOn(0)).toEqual(valuesOf(ledger.effects))
    })

    it('goes on where the answer says, behind or ahead', async () => {
      await log.append(recordsFor(topic, 0, 100))
      const answers = [60, 20, 100]
      const firsts: number[] = []
      await opened.consume(log, {
        ...options(),
        maxBatchRecords: 10,
        onBatch: async ({ records }) => {
          const first = records[0]?.offset ?? -1
          firsts.push(first)
          return { next: answers[firsts.length - 1] ?? first + records.length, pauseMs: 0 }
        },
      })
      await eventually(() => expect(firsts).toHaveLength(3), { timeoutMs: 20_000 })
      await log.append([recordFor(topic, 0, 'last')])
      await eventually(() => expect(firsts).toEqual([0, 60, 20, 100]))
    })

    it('keeps batches within the number of records and bytes asked for', async () => {
      await log.append([
        ...recordsFor(topic, 0, 100),
        ...Array.from({ length: 8 }, (_, n) => recordFor(topic, 1, `${n}${'.'.repeat(4_000)}`, { headers: {} })),
      ])
      await opened.consume(log, { ...options(), maxBatchRecords: 7, maxBatchBytes: 10_000 })
      await eventually(() => expect(ledger.effects).toHaveLength(108), { timeoutMs: 20_000 })
      expect(Math.max(...ledger.batches.map(({ records }) => records.length))).toBe(7)
      const large = ledger.batches.filter(({ partition }) => partition === 1)
      expect(Math.max(...large.map(({ records }) => records.length))).toBe(2)
    })

    it('hands on one batch of a partition at a time', async () => {
      await log.append([0, 1, 2].flatMap((partition) => recordsFor(topic, partition, 40)))
      const underWay = new Set<number>()
      const overlaps: number[] = []
      await opened.consume(log, {
        ...options(),
        maxBatchRecords: 5,
        onBatch: async (batch) => {
          if (underWay.has(batch.partition)) overlaps.push(batch.partition)
          underWay.add(batch.partition)
          await new Promise((resolve) => setTimeout(resolve, 3))
          underWay.delete(batch.partition)
          return ledger.apply(batch)
        },
      })
      await eventually(() => expect(ledger.effects).toHaveLength(120), { timeoutMs: 20_000 })
      expect(overlaps).toEqual([])
    })

    it('begins at the start of a trimmed topic when the position asked for is gone', async () => {
      const trimmed = declare({ partitions: 1, trimmed: true })
      await log.ensureTopics([trimmed])
      await log.append(recordsFor(trimmed.name, 0, 10))
      await log.trim({ topic: trimmed.name, partition: 0 }, 6)
      await opened.consume(log, { ...options(), topics: [trimmed.name] })
      await eventually(() => expect(ledger.valuesOn(0)).toEqual(['6', '7', '8', '9']), { timeoutMs: 20_000 })
    })

    it('asks again where to start instead of jumping, when the log does not have the position', async () => {
      await log.append(recordsFor(topic, 0, 10))
      let asked = 0
      await opened.consume(log, {
        ...options(),
        start: async ({ partition }) => {
          if (partition === 0) asked += 1
          return partition === 0 && asked < 3 ? 5_000 : 0
        },
      })
      await eventually(() => expect(ledger.effects).toHaveLength(10), { timeoutMs: 25_000 })
      expect(asked).toBe(3)
    })
  })
}
