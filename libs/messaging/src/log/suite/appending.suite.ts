import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { AppendError, RecordTooLargeError } from '../errors.ts'
import type { EventLog } from '../event-log.ts'
import { recordBytes } from '../record-size.ts'
import { declare, type LogHarness, Opened, recordFor, recordsFor, valuesOf } from './harness.ts'

export const describeAppending = (harness: LogHarness): void => {
  describe('appending', () => {
    const topic = declare({ maxRecordBytes: 100_000 })
    let opened: Opened
    let log: EventLog

    beforeEach(async () => {
      opened = new Opened(harness)
      log = opened.log()
      await log.ensureTopics([topic])
    })
    afterEach(() => opened.close())

    it('gives records of a partition offsets in the order given, without gaps', async () => {
      const fresh = declare()
      await log.ensureTopics([fresh])
      const mixed = Array.from({ length: 90 }, (_, n) => recordFor(fresh.name, n % 3, `${n}`))
      await log.append(mixed.slice(0, 50))
      await log.append(mixed.slice(50))
      for (const partition of [0, 1, 2]) {
        const records = await log.read({ topic: fresh.name, partition }, 0, 100)
        expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 30 }, (_, n) => n))
        expect(valuesOf(records)).toEqual(Array.from({ length: 30 }, (_, n) => `${n * 3 + partition}`))
      }
    })

    it('keeps the order of appends that were not waited for', async () => {
      const fresh = declare({ partitions: 2 })
      const client = opened.log()
      await client.ensureTopics([fresh])
      const appends = Array.from({ length: 200 }, (_, n) =>
        client.append([recordFor(fresh.name, 0, `a${n}`), recordFor(fresh.name, n % 2, `b${n}`)]),
      )
      await Promise.all(appends)
      const values = valuesOf(await log.read({ topic: fresh.name, partition: 0 }, 0, 1_000))
      const expected = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? [`a${n}`, `b${n}`] : [`a${n}`])).flat()
      expect(values).toEqual(expected)
    })

    it('takes more than fits into one round, in order', async () => {
      const fresh = declare({ partitions: 1 })
      await log.ensureTopics([fresh])
      const padding = '.'.repeat(20_000)
      await log.append(Array.from({ length: 120 }, (_, n) => recordFor(fresh.name, 0, `${n}${padding}`)))
      const values = valuesOf(await log.read({ topic: fresh.name, partition: 0 }, 0, 200))
      expect(values.map((value) => Number.parseInt(value, 10))).toEqual(Array.from({ length: 120 }, (_, n) => n))
    })

    it('keeps key, value and headers byte for byte', async () => {
      const fresh = declare({ partitions: 1 })
      await log.ensureTopics([fresh])
      const odd = [
        recordFor(fresh.name, 0, '', {
          key: 'source\u0000伴走',
          value: Buffer.from([0, 255, 1, 254]),
          headers: { ce_id: '1', 'x-名': 'ü\u0000"\\' },
        }),
        recordFor(fresh.name, 0, '', { key: '', value: Buffer.alloc(0), headers: {} }),
      ]
      await log.append(odd)
      const read = await log.read({ topic: fresh.name, partition: 0 }, 0, 10)
      expect(read.map(({ key, value, headers }) => ({ key, value: [...value], headers }))).toEqual(
        odd.map(({ key, value, headers }) => ({ key, value: [...value], headers })),
      )
      expect(Math.abs(Date.now() - (read[0]?.appendedAt.getTime() ?? 0))).toBeLessThan(60_000)
    })

    it('takes a record at the size limit and refuses one over it, with all that came with it', async () => {
      const bare = recordFor(topic.name, 0, '')
      const atLimit = { ...bare, value: Buffer.alloc(topic.maxRecordBytes - recordBytes(bare), 7) }
      await log.append([atLimit])
      const before = await log.positions(topic.name)
      const overLimit = { ...bare, value: Buffer.concat([atLimit.value, Buffer.from([7])]) }
      const refused = log.append([recordFor(topic.name, 1, 'fine'), overLimit])
      await expect(refused).rejects.toBeInstanceOf(RecordTooLargeError)
      expect(await log.positions(topic.name)).toEqual(before)
      expect((await log.read({ topic: topic.name, partition: 0 }, 0, 1))[0]?.value).toEqual(atLimit.value)
    })

    it('names the records of a partition that is not there', async () => {
      const lost = recordFor(topic.name, 99, 'lost')
      const fault: unknown = await log.append([lost]).catch((reason: unknown) => reason)
      expect(fault).toBeInstanceOf(AppendError)
      expect((fault as AppendError).unconfirmed).toEqual([lost])
      await log.append([recordFor(topic.name, 1, 'next')])
    })

    it('does nothing for no records', async () => {
      const before = await log.positions(topic.name)
      await log.append([])
      expect(await log.positions(topic.name)).toEqual(before)
    })

    it('confirms only what another client can read', async () => {
      const other = opened.log()
      const fresh = declare({ partitions: 1 })
      await log.ensureTopics([fresh])
      for (let n = 0; n < 20; n += 1) {
        await log.append(recordsFor(fresh.name, 0, 2, `${n}-`))
        expect(await other.positions(fresh.name)).toEqual([
          { topic: fresh.name, partition: 0, start: 0, end: 2 * (n + 1) },
        ])
      }
    })
  })
}
