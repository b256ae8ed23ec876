import { type Headers, toHeaders, TRACEPARENT_HEADER } from '@banso/contracts'
import type { MasterKey } from '@banso/platform'
import { randomUUID } from 'node:crypto'
import Type from 'typebox'
import Value from 'typebox/value'
import type { Received } from './received.ts'

/** A record for the raw log, as it is kept outside of it. */
export interface RawRecord {
  readonly key: string
  readonly value: Buffer
  readonly headers: Headers
}

/** The client's id of an event is no id of ours: it may come again. */
export const rawHeaders = (type: Received['type'], time: Date, traceparent?: string): Headers => ({
  ...toHeaders({ id: randomUUID(), type, source: '/banso/ingestion', time }),
  ...(traceparent !== undefined && { [TRACEPARENT_HEADER]: traceparent }),
})

const Copy = Type.Object({
  key: Type.String(),
  value: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
})

/** A raw record holds personal data in clear: what is kept of it in a table is wrapped by the master key. */
export const sealRecord = (masterKey: MasterKey, { key, value, headers }: RawRecord): Buffer =>
  masterKey.wrap(Buffer.from(JSON.stringify({ key, value: value.toString('utf8'), headers })))

export const openRecord = (masterKey: MasterKey, sealed: Buffer): RawRecord => {
  const copy = Value.Parse(Copy, JSON.parse(masterKey.unwrap(sealed).toString('utf8')))
  return { ...copy, value: Buffer.from(copy.value, 'utf8') }
}
