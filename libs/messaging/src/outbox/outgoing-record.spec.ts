import { HEADER, topics } from '@banso/contracts'
import { accountScored, bandChanged } from '@banso/testing'
import { describe, expect, it } from '@jest/globals'
import { recordBytes } from '../log/record-size.ts'
import { partitionOf } from '../log/partitioner.ts'
import { OutgoingEventInvalidError, OutgoingEventTooLargeError } from './errors.ts'
import { toOutgoingRecord } from './outgoing-record.ts'

const faultsOf = (run: () => unknown): string[] => {
  try {
    run()
  } catch (fault) {
    if (fault instanceof OutgoingEventInvalidError) return fault.faults.map(({ pointer }) => pointer)
    throw fault
  }
  return []
}

const padded = (bytes: number) => accountScored({ scorecard: { name: 'x'.repeat(bytes), version: 1 } })

describe('toOutgoingRecord', () => {
  it('makes the record that the log will hold', () => {
    const event = bandChanged()
    const record = toOutgoingRecord('health', event)
    expect(record).toMatchObject({
      eventId: event.id,
      topic: topics.healthChanges,
      partition: partitionOf('health.changes.v1', event.key),
      key: event.key,
    })
    expect(JSON.parse(record.value.toString())).toEqual(event.data)
    expect(record.headers).toMatchObject({
      [HEADER.id]: event.id,
      [HEADER.type]: 'health.band-changed.v1',
      [HEADER.source]: '/banso/health',
      [HEADER.subject]: event.key,
      [HEADER.time]: event.time.toISOString(),
    })
  })

  it('gives an id to an event without one', () => {
    const { id, ...event } = bandChanged()
    const made = toOutgoingRecord('health', event)
    expect(made.eventId).toMatch(/^[0-9a-f-]{36}$/)
    expect(made.eventId).not.toBe(id)
    expect(made.headers[HEADER.id]).toBe(made.eventId)
  })

  it('refuses a topic of another service', () => {
    expect(faultsOf(() => toOutgoingRecord('accounts', bandChanged()))).toEqual(['/topic'])
  })

  it('refuses a type that the topic does not carry', () => {
    const event = { ...bandChanged(), topic: 'health.scores.v1' } as const
    expect(faultsOf(() => toOutgoingRecord('health', event))).toEqual(['/type'])
  })

  it('refuses data that is not valid, and says where', () => {
    const event = bandChanged()
    const data = { ...event.data, to: { score: 101, band: 'red' } } as const
    expect(faultsOf(() => toOutgoingRecord('health', { ...event, data }))).toContain('/data/to/score')
  })

  it('names every fault of the envelope at once', () => {
    const event = { ...bandChanged(), key: '', id: 'seven', time: new Date(Number.NaN) }
    expect(faultsOf(() => toOutgoingRecord('health', event))).toEqual(['/key', '/time', '/id'])
  })

  it('refuses what would be over the limit of the log once writer and sequence are added', () => {
    const limit = topics.scores.maxRecordBytes
    const spare = limit - recordBytes(toOutgoingRecord('health', padded(0)))
    expect(() => toOutgoingRecord('health', padded(spare))).toThrow(OutgoingEventTooLargeError)
    const { headers, ...record } = toOutgoingRecord('health', padded(spare - 128))
    const sent = { ...headers, [HEADER.writer]: 'outbox/health/2147483647', [HEADER.sequence]: '9007199254740991' }
    expect(recordBytes({ ...record, headers: sent })).toBeLessThanOrEqual(limit)
  })
})
