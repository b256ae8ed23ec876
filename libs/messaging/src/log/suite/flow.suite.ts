import { randomUUID } from 'node:crypto'
import { eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Lane } from '../consuming/lane.ts'
import type { Batch, EventLog, LogRecord } from '../event-log.ts'
import { recordBytes } from '../record-size.ts'
import { declare, Ledger, type LogHarness, Opened, recordFor, recordsFor, unexpectedCrash } from './harness.ts'

/** Bytes of a partition that a consumption of small batches may fetch while one of them is under way: two fetches. */
const MOST_AHEAD = 1_100_000

const sumOfBytes = (records: readonly LogRecord[], partition: number): number =>
  records.reduce((sum, record) => sum + (record.partition === partition ? recordBytes(record) : 0), 0)

export const describeFlow = (harness: LogHarness): void => {
  describe('holding, pausing and stopping', () => {
    let opened: Opened
    let log: EventLog
    let topic: string
    let ledger: Ledger

    beforeEach(async () => {
      opened = new Opened(harness)
      log = opened.log()
      const declared = declare()
      await log.ensureTopics([declared])
      topic = declared.name
      ledger = new Ledger()
    })
    afterEach(() => opened.close())

    const options = () => ({
      group: `test-${randomUUID()}`,
      topics: [topic],
      start: ledger.start,
      onBatch: async (batch: Batch) => ledger.apply(batch),
      onCrash: unexpectedCrash,
    })

    it('holds a partition back until the caller lets it go; others flow', async () => {
      await log.append([...recordsFor(topic, 0, 5), ...recordsFor(topic, 1, 5)])
      let held = true
      const consumption = await opened.consume(log, {
        ...options(),
        start: async (partition) => (held && partition.partition === 0 ? 'hold' : ledger.start(partition)),
      })
      await eventually(() => expect(ledger.valuesOn(1)).toHaveLength(5), { timeoutMs: 20_000 })
      // What is not fetched lags behind, and is told to.
      await eventually(() => expect(consumption.assignment()).toContainEqual({ topic, partition: 0, next: 0, end: 5 }))
      expect(ledger.valuesOn(0)).toEqual([])
      held = false
      await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(5))
    })

    it('treats a caller that fails to say where to start like one that holds', async () => {
      await log.append(recordsFor(topic, 0, 5))
      let failures = 0
      await opened.consume(log, {
        ...options(),
        start: async (partition) => {
          if (partition.partition === 0 && failures < 1) {
            failures += 1
            throw new Error('database away')
          }
          return ledger.start(partition)
        },
      })
      await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(5), { timeoutMs: 20_000 })
      expect(failures).toBe(1)
    })

    it('does not let a slow partition stop another', async () => {
      await log.append([...recordsFor(topic, 0, 5), ...recordsFor(topic, 1, 5)])
      const release = Promise.withResolvers<void>()
      await opened.consume(log, {
        ...options(),
        onBatch: async (batch) => {
          if (batch.partition === 0) await release.promise
          return ledger.apply(batch)
        },
      })
      await eventually(() => expect(ledger.valuesOn(1)).toHaveLength(5), { timeoutMs: 20_000 })
      for (let n = 0; n < 5; n += 1) {
        await log.append([recordFor(topic, 1, `more-${n}`)])
        await eventually(() => expect(ledger.valuesOn(1)).toHaveLength(6 + n))
      }
      expect(ledger.valuesOn(0)).toEqual([])
      release.resolve()
      await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(5))
    })

    it('pauses only the partition that asked for it, for as long as it asked', async () => {
      await log.append(recordsFor(topic, 0, 2))
      const at: number[] = []
      await opened.consume(log, {
        ...options(),
        maxBatchRecords: 1,
        onBatch: async (batch) => {
          if (batch.partition !== 0) return ledger.apply(batch)
          at.push(performance.now())
          return { ...ledger.apply(batch), pauseMs: 4_000 }
        },
      })
      await eventually(() => expect(at).toHaveLength(1), { timeoutMs: 20_000 })
      await log.append(recordsFor(topic, 1, 3))
      await eventually(() => expect(ledger.valuesOn(1)).toHaveLength(3))
      expect(at).toHaveLength(1)
      await eventually(() => expect(at).toHaveLength(2))
      expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(3_950)
    })

    it('fetches little ahead of a batch that takes long, and catches up in order with what is behind it', async () => {
      const fetched = jest.spyOn(Lane.prototype, 'offer')
      const padding = '.'.repeat(1_000)
      const many = Array.from({ length: 3_000 }, (_, n) => recordFor(topic, 0, `${n}${padding}`))
      await log.append(many)
      const release = Promise.withResolvers<void>()
      await opened.consume(log, {
        ...options(),
        maxBatchBytes: 50_000,
        onBatch: async (batch) => {
          if (batch.partition === 0) await release.promise
          return ledger.apply(batch)
        },
      })
      const ahead = () =>
        sumOfBytes(
          fetched.mock.calls.flatMap(([records]) => records),
          0,
        )
      await eventually(() => expect(ahead()).toBeGreaterThan(50_000), { timeoutMs: 20_000 })
      for (let n = 0; n < 3; n += 1) {
        await log.append([recordFor(topic, 1, `meanwhile-${n}`)])
        await eventually(() => expect(ledger.valuesOn(1)).toHaveLength(n + 1))
      }
      expect(ahead()).toBeLessThan(MOST_AHEAD)
      fetched.mockRestore()
      release.resolve()
      await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(3_000), { timeoutMs: 20_000 })
      expect(ledger.valuesOn(0)).toEqual(many.map(({ value }) => value.toString()))
    })

    it('tells its assignment with the lag', async () => {
      await log.append([...recordsFor(topic, 0, 30), ...recordsFor(topic, 1, 4)])
      const release = Promise.withResolvers<void>()
      const consumption = await opened.consume(log, {
        ...options(),
        maxBatchRecords: 10,
        onBatch: async (batch) => {
          if (batch.partition === 0) await release.promise
          return ledger.apply(batch)
        },
      })
      const lagOf = (partition: number) => consumption.assignment().find((lag) => lag.partition === partition)
      await eventually(() => expect(lagOf(1)).toEqual({ topic, partition: 1, next: 4, end: 4 }), { timeoutMs: 20_000 })
      expect(consumption.assignment()).toHaveLength(4)
      await eventually(() => expect(lagOf(0)).toEqual({ topic, partition: 0, next: 0, end: 30 }))
      release.resolve()
      await eventually(() => expect(lagOf(0)).toMatchObject({ next: 30, end: 30 }))
    })

    it('gives signs of life while there is nothing to do, and while a batch takes long', async () => {
      const release = Promise.withResolvers<void>()
      const consumption = await opened.consume(log, {
        ...options(),
        onBatch: async (batch) => {
          await release.promise
          return ledger.apply(batch)
        },
      })
      const movesOn = async () => {
        const before = consumption.aliveAt().getTime()
        await eventually(() => expect(consumption.aliveAt().getTime()).toBeGreaterThan(before))
      }
      await movesOn()
      await log.append(recordsFor(topic, 0, 3))
      await movesOn()
      await movesOn()
      release.resolve()
      await eventually(() => expect(ledger.effects).toHaveLength(3))
    })

    it('stops when what is under way has ended, and hands on nothing after', async () => {
      await log.append(recordsFor(topic, 0, 100))
      const release = Promise.withResolvers<void>()
      let signal: AbortSignal | undefined
      let stopped = false
      const consumption = await opened.consume(log, {
        ...options(),
        maxBatchRecords: 10,
        onBatch: async (batch, aborted) => {
          signal = aborted
          await release.promise
          return ledger.apply(batch)
        },
      })
      await eventually(() => expect(signal?.aborted).toBe(false), { timeoutMs: 20_000 })
      const stopping = (async () => {
        await consumption.stop()
        stopped = true
      })()
      await eventually(() => expect(signal?.aborted).toBe(true))
      expect(stopped).toBe(false)
      release.resolve()
      await stopping
      expect(ledger.effects).toHaveLength(10)
      expect(consumption.assignment()).toEqual([])
    })

    it('ends, and says so once, when a batch is rejected', async () => {
      await log.append([...recordsFor(topic, 0, 3), ...recordsFor(topic, 1, 3)])
      const faults: unknown[] = []
      const consumption = await opened.consume(log, {
        ...options(),
        onBatch: () => Promise.reject(new TypeError('a bug')),
        onCrash: (fault) => faults.push(fault),
      })
      await eventually(() => expect(faults).toHaveLength(1), { timeoutMs: 20_000 })
      await consumption.stop()
      expect(faults).toEqual([new TypeError('a bug')])
    })
  })
}
