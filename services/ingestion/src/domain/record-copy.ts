import type { Headers } from '@banso/contracts'
import Type from 'typebox'
import Value from 'typebox/value'
import type { MasterKey } from './master-key.ts'

/** A record for the raw log, as it is kept outside of it. */
export interface RawRecord {
  readonly key: string
  readonly value: Buffer
  readonly headers: Headers
}

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
