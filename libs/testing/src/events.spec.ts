import { eventSchemas, fromHeaders, HEADER, isEventType, topics } from '@banso/contracts'
import { partitionOf } from '@banso/messaging'
import { describe, expect, it } from '@jest/globals'
import { eventOf, golden, incomingOf, productUsed, recordOf, unlikeGolden } from './index.ts'

const ACCOUNT = '0d9c3cc4-6a57-5b0c-8f5e-0c1f3a1c9a77'

describe('event factories', () => {
  it('make a valid event of each type, on the topic that carries it', () => {
    const types = Object.keys(eventSchemas).filter(isEventType)
    const made = types.map((type) => eventOf(type))
    expect(made.map((event) => event.type)).toEqual(types)
    for (const event of made) {
      const topic = Object.values(topics).find((declared) => declared.name === event.topic)
      expect(topic?.types).toContain(event.type)
    }
  })

  it('name only what the test is about; the key follows the account', () => {
    const event = productUsed({ accountId: ACCOUNT, name: 'Export' }, { time: '2026-02-01T00:00:00.000Z' })
    expect(event).toMatchObject({
      key: ACCOUNT,
      topic: 'ingestion.usage-events.v1',
      data: { name: 'Export', kind: 'track' },
    })
    expect(event.time).toEqual(new Date('2026-02-01T00:00:00.000Z'))
  })

  it('give each event an id and a messageId of its own', () => {
    const [first, second] = [productUsed(), productUsed()]
    expect(first.id).not.toBe(second.id)
    expect(first.data.messageId).not.toBe(second.data.messageId)
    expect(productUsed({ messageId: 'm-1' }).data.messageId).toBe('m-1')
  })

  it('refuse to make an invalid one', () => {
    expect(() => productUsed({ accountId: 'not-a-uuid' })).toThrow(/accountId/)
  })
})

describe('golden', () => {
  it('gives a fresh copy each time', () => {
    const changed = golden('ingestion.product-used.v1')
    Object.assign(changed.data, { name: 'changed' })
    expect(golden('ingestion.product-used.v1').data.name).toBe('Shipment Booked')
  })
})

describe('unlikeGolden', () => {
  const type = 'journeys.stage-entered.v1'
  const { headers, data } = golden(type)
  const { newestEvent, ...others } = data

  it('finds nothing in any golden record, nor in one of another day', () => {
    const types = Object.keys(eventSchemas).filter(isEventType)
    expect(
      unlikeGolden(
        types.map((one) => ({ type: one, ...golden(one) })),
        types,
      ),
    ).toEqual([])
    const other = { ...data, newestEvent: null, values: { other: 1 }, evidence: [] }
    expect(unlikeGolden([{ type, data: other, headers: { ...headers, traceparent: '00' } }], [type])).toEqual([])
  })

  it('finds what is missing and what is new, in headers and at any depth', () => {
    const { ce_writer: _, ...without } = headers
    const { receivedAt: __, ...known } = newestEvent ?? {}
    const changed = { ...others, newestEvent: { ...known, late: true }, also: 1 }
    const found = unlikeGolden(
      [{ type, headers: { ...without, more: '' }, data: changed }],
      [type, 'journeys.flag-raised.v1'],
    )
    expect(found[0]).toBe(`${type}: /newestEvent must have required properties receivedAt`)
    expect(found.filter((line) => !line.includes(' must '))).toEqual([
      `${type}: header ce_writer is missing`,
      `${type}: header more is not in the golden record`,
      `${type}: /also is not in the golden record`,
      `${type}: /newestEvent/receivedAt is missing`,
      `${type}: /newestEvent/late is not in the golden record`,
      'journeys.flag-raised.v1: was not published',
    ])
  })
})

describe('records', () => {
  it('carry the event, its partition and a sequence that rises', () => {
    const event = productUsed({ accountId: ACCOUNT })
    const [first, second] = [recordOf(event), recordOf(event)]
    expect(fromHeaders(first.headers)).toMatchObject({
      id: event.id,
      type: event.type,
      time: event.time,
      subject: ACCOUNT,
    })
    expect(JSON.parse(first.value.toString())).toEqual(event.data)
    expect(first).toMatchObject({ key: ACCOUNT, partition: partitionOf(event.topic, ACCOUNT) })
    expect(Number(second.headers[HEADER.sequence])).toBeGreaterThan(Number(first.headers[HEADER.sequence]))
  })

  it('take the position that the test gives', () => {
    const event = productUsed()
    const position = { writer: 'received/log/3', sequence: 644, offset: 10 }
    expect(recordOf(event, position).headers).toMatchObject({ ce_writer: 'received/log/3', ce_sequence: '644' })
    expect(incomingOf(event, position)).toMatchObject({ ...position, data: event.data, key: event.key })
  })
})
