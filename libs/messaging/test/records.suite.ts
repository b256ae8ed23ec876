// Records as the log gives them, for the pure specs of the runner.
import { HEADER } from '@banso/contracts'
import { productUsed, recordOf, type TestPosition } from '@banso/testing'
import type { LogRecord } from '../src/log/event-log.ts'
import { decode, type Decoded } from '../src/runner/chunk/decode.ts'

/** A record of `ingestion.usage-events.v1` at this offset. */
export const recordAt = (offset: number, key: string, position: TestPosition = {}): LogRecord => ({
  ...recordOf(productUsed({ accountId: accountOf(key) }, { id: `${key}${offset}`, key }), {
    writer: 'received/log/0',
    sequence: offset,
    ...position,
  }),
  partition: 0,
  offset,
  appendedAt: new Date('2026-01-15T09:00:00.000Z'),
})

/** The account id that stands for a short name. */
export const accountOf = (name: string): string => {
  const hex = Buffer.from(name).toString('hex').slice(0, 12).padStart(12, '0')
  return `00000000-0000-4000-8000-${hex}`
}

/** Decoded records with offsets 0, 1, … of these keys: `a a b`. */
export const decodedOf = (keys: string): Decoded[] =>
  keys.split(' ').map((key, offset) => {
    const one = decode(recordAt(offset, key))
    if ('failure' in one) throw new Error(one.failure.reason)
    return one
  })

export const idsOf = (records: readonly { readonly headers: Readonly<Record<string, string>> }[]): string[] =>
  records.map(({ headers }) => headers[HEADER.id] ?? '')
