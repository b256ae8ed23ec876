import { describe, expect, it } from '@jest/globals'
import { createSecretKey, randomBytes } from 'node:crypto'
import { encrypt, makeDataKey, MasterKey } from './master-key.ts'
import { unseal } from './unseal.ts'

const sealedUnder = (dataKey: Buffer, fields: unknown) => {
  const nonce = randomBytes(12)
  const data = encrypt(createSecretKey(dataKey), nonce, Buffer.from(JSON.stringify(fields)))
  return { nonce: nonce.toString('base64'), data: data.toString('base64') }
}

describe('unseal', () => {
  it('gives the fields to who has the wrapped key and the master key', () => {
    const masterKey = new MasterKey(makeDataKey().toString('base64'))
    const dataKey = makeDataKey()
    const wrapped = masterKey.wrap(dataKey)
    expect(unseal(sealedUnder(dataKey, { owner: 'a@b.cd' }), masterKey.unwrap(wrapped))).toEqual({ owner: 'a@b.cd' })
  })

  it('gives nothing to another key', () => {
    expect(() => unseal(sealedUnder(makeDataKey(), { owner: 'a@b.cd' }), makeDataKey())).toThrow(
      'unable to authenticate',
    )
  })

  it('takes what is no object for no fields', () => {
    const dataKey = makeDataKey()
    expect(unseal(sealedUnder(dataKey, null), dataKey)).toEqual({})
  })
})
