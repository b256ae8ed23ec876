import { randomUUID } from 'node:crypto'
import type { TopicDeclaration } from '@banso/contracts'
import { eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Batch, Consumption, EventLog, TopicPartition } from '../event-log.ts'
import { declare, Ledger, type LogHarness, Opened, recordFor, recordsFor, unexpectedCrash } from './harness.ts'

const PARTITIONS = 6

const sizes = (...members: Consumption[]) => members.map((member) => member.assignment().length)

export const describeGroups = (harness: LogHarness): void => {
  describe('groups', () => {
    let opened: Opened
    let log: EventLog
    let topic: string
    let declared: TopicDeclaration

    beforeEach(async () => {
      opened = new Opened(harness)
      log = opened.log()
      declared = declare({ partitions: PARTITIONS })
      await log.ensureTopics([declared])
      topic = declared.name
    })
    afterEach(() => opened.close())

    const join = async (group: string, ledger: Ledger, onBatch = async (batch: Batch) => ledger.apply(batch)) => {
      const member = opened.log()
      await member.ensureTopics([declared])
      const options = { group, topics: [topic], start: ledger.start, onBatch, onCrash: unexpectedCrash }
      return opened.consume(member, options)
    }

    it('gives each group everything', async () => {
      const [one, two] = [new Ledger(), new Ledger()]
      await Promise.all([join(`test-${randomUUID()}`, one), join(`test-${randomUUID()}`, two)])
      await log.append(recordsFor(topic, 3, 50))
      await eventually(() => expect(one.valuesOn(3)).toHaveLength(50), { timeoutMs: 20_000 })
      await eventually(() => expect(two.valuesOn(3)).toHaveLength(50))
    })

    it('divides partitions evenly, loses nothing and keeps the order while members come and go', async () => {
      const group = `test-${randomUUID()}`
      const ledger = new Ledger()
      const appended: string[][] = Array.from({ length: PARTITIONS }, () => [])
      const appending = new AbortController()
      const writer = (async () => {
        for (let n = 0; !appending.signal.aborted; n += 1) {
          const partition = n % PARTITIONS
          await log.append([recordFor(topic, partition, `${n}`)])
          appended[partition]?.push(`${n}`)
        }
      })()
      const first = await join(group, ledger)
      await eventually(() => expect(sizes(first)).toEqual([PARTITIONS]), { timeoutMs: 20_000 })
      const second = await join(group, ledger)
      await eventually(() => expect(sizes(first, second)).toEqual([3, 3]), { timeoutMs: 30_000 })
      const third = await join(group, ledger)
      await eventually(() => expect(sizes(first, second, third)).toEqual([2, 2, 2]), { timeoutMs: 30_000 })
      await first.stop()
      await eventually(() => expect(sizes(second, third)).toEqual([3, 3]), { timeoutMs: 30_000 })
      await second.stop()
      await eventually(() => expect(sizes(third)).toEqual([PARTITIONS]), { timeoutMs: 30_000 })
      appending.abort()
      await writer
      await eventually(
        () => appended.forEach((values, partition) => expect(ledger.valuesOn(partition)).toEqual(values)),
        { timeoutMs: 20_000 },
      )
    }, 120_000)

    it('aborts what is under way on a partition that is lost', async () => {
      const group = `test-${randomUUID()}`
      const ledger = new Ledger()
      const lost: TopicPartition[] = []
      const first = await join(group, ledger, async (batch, signal?: AbortSignal) => {
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
        lost.push({ topic: batch.topic, partition: batch.partition })
        return { next: batch.records[0]?.offset ?? 0, pauseMs: 0 }
      })
      await eventually(() => expect(sizes(first)).toEqual([PARTITIONS]), { timeoutMs: 20_000 })
      await log.append(Array.from({ length: 4 }, (_, partition) => recordFor(topic, partition, 'one')))
      const second = await join(group, ledger)
      await eventually(() => expect(sizes(first, second)).toEqual([3, 3]), { timeoutMs: 30_000 })
      await eventually(() => expect(lost.length).toBeGreaterThan(0))
      const kept = new Set(first.assignment().map(({ partition }) => partition))
      expect(lost.filter(({ partition }) => kept.has(partition))).toEqual([])
    }, 60_000)
  })
}
