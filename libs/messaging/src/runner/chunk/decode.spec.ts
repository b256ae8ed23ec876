import { HEADER } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import type { LogRecord } from '../../log/event-log.ts'
import { recordAt } from '../../../test/records.suite.ts'
import { decode, decodeAll } from './decode.ts'

const without = (record: LogRecord, name: string): LogRecord => ({
  ...record,
  headers: Object.fromEntries(Object.entries(record.headers).filter(([header]) => header !== name)),
})

describe('decoding', () => {
  const good = recordAt(7, 'a', { writer: 'received/log/0', sequence: 42 })

  it('gives the event with its place in the log', () => {
    expect(decode(good)).toMatchObject({
      event: {
        id: 'a7',
        type: 'ingestion.product-used.v1',
        key: 'a',
        offset: 7,
        writer: 'received/log/0',
        sequence: 42,
        data: { accountId: '00000000-0000-4000-8000-000000000061' },
      },
    })
  })

  it.each([
    ['no JSON', { ...good, value: Buffer.from('{"accountId":') }, 'the value is not JSON'],
    ['bytes that are no text', { ...good, value: Buffer.from([0xff, 0xfe]) }, 'the value is not JSON'],
    ['data that does not fit', { ...good, value: Buffer.from('{"accountId":7}') }, 'the data does not fit its schema'],
    ['no id', without(good, HEADER.id), 'headers missing or malformed: ce_id'],
    ['no writer', without(good, HEADER.writer), 'headers missing or malformed: ce_writer, ce_sequence'],
    ['no sequence', without(good, HEADER.sequence), 'headers missing or malformed: ce_writer, ce_sequence'],
    [
      'a type of another topic',
      { ...good, headers: { ...good.headers, [HEADER.type]: 'health.band-changed.v1' } },
      'ingestion.usage-events.v1 does not carry the type health.band-changed.v1',
    ],
    ['a key that no database stores', { ...good, key: 'a\0' }, 'the key holds a NUL character'],
  ])('refuses %s, with the reason', (_, record, reason) => {
    expect(decode(record)).toEqual({ record, failure: expect.objectContaining({ reason }) })
  })

  it('tells where data does not fit, and never what it holds', () => {
    const personal = { ...good, value: Buffer.from('{"accountId":"ada@example.com"}') }
    const one = decode(personal)
    expect(one).toMatchObject({
      failure: { errorClass: 'SCHEMA_INVALID', message: expect.stringContaining('/accountId') },
    })
    expect(JSON.stringify('failure' in one && one.failure)).not.toContain('ada')
  })

  it('keeps the order on both sides', () => {
    const bad = { ...recordAt(1, 'b'), value: Buffer.from('') }
    const { decoded, undecodable } = decodeAll([recordAt(0, 'a'), bad, recordAt(2, 'c')])
    expect(decoded.map(({ event }) => event.id)).toEqual(['a0', 'c2'])
    expect(undecodable.map(({ record }) => record.offset)).toEqual([1])
  })
})
