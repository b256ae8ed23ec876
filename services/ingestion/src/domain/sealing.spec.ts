import { decrypt, makeDataKey, MasterKey } from '@banso/platform'
import { describe, expect, it } from '@jest/globals'
import { createSecretKey, type KeyObject } from 'node:crypto'
import { openRecord, sealRecord } from './record-copy.ts'
import { seal } from './sealing.ts'

const dataKey = makeDataKey()
const at = { logId: 'log', partition: 3, offset: 42 }
const subject = { subject: 'p-1', key: createSecretKey(dataKey) }

describe('seal', () => {
  it('is opened by the subject’s key, and by no other', () => {
    const { nonce, data } = seal({ email: 'a@b.cd' }, subject, at, 4)
    const open = (key: KeyObject) => decrypt(key, Buffer.from(nonce, 'base64'), Buffer.from(data, 'base64')).toString()
    expect(JSON.parse(open(subject.key))).toEqual({ email: 'a@b.cd' })
    expect(() => open(createSecretKey(makeDataKey()))).toThrow('unable to authenticate')
  })

  it('gives the same bytes for the same place and slot, and another nonce for any other', () => {
    const sealed = seal({ a: 1 }, subject, at, 4)
    expect(seal({ a: 1 }, subject, at, 4)).toEqual(sealed)
    const others = [
      seal({ a: 1 }, subject, at, 5),
      seal({ a: 1 }, subject, { ...at, offset: 43 }, 4),
      seal({ a: 1 }, subject, { ...at, partition: 4 }, 4),
      seal({ a: 1 }, subject, { ...at, logId: 'log.1' }, 4),
    ]
    expect(new Set([sealed, ...others].map(({ nonce }) => nonce)).size).toBe(5)
  })
})

describe('the master key', () => {
  const masterKey = new MasterKey(makeDataKey().toString('base64'))

  it('wraps by a new nonce each time, and unwraps only what it wrapped', () => {
    const [one, two] = [masterKey.wrap(dataKey), masterKey.wrap(dataKey)]
    expect(one.equals(two)).toBe(false)
    expect(masterKey.unwrap(one)).toEqual(dataKey)
    const other = new MasterKey(makeDataKey().toString('base64'))
    expect(() => other.unwrap(one)).toThrow('unable to authenticate')
    one[20] = (one[20] ?? 0) ^ 1
    expect(() => masterKey.unwrap(one)).toThrow('unable to authenticate')
  })

  it('must be 32 bytes', () => {
    expect(() => new MasterKey('c2hvcnQ=')).toThrow('32 bytes')
  })

  it('keeps a raw record as it was', () => {
    const record = { key: 'product/長', value: Buffer.from('{"a":"長"}'), headers: { ce_id: 'm-1' } }
    const copy = sealRecord(masterKey, record)
    expect(copy.includes('product')).toBe(false)
    expect(openRecord(masterKey, copy)).toEqual(record)
  })
})
