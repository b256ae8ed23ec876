import { describe, expect, it } from '@jest/globals'
import { makeWriteKey, writeKeyDigest, writeKeyOfHeader } from './write-key.ts'

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`

describe('a write key', () => {
  it('is long enough and never the same', () => {
    const keys = new Set(Array.from({ length: 100 }, makeWriteKey))
    expect(keys.size).toBe(100)
    for (const key of keys) expect(Buffer.from(key, 'base64url').length).toBeGreaterThanOrEqual(16)
  })

  it('is kept as its SHA-256', () => {
    expect(writeKeyDigest('abc')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=')
  })

  it('is the user name of the header', () => {
    expect(writeKeyOfHeader(basic('key:'))).toBe('key')
    expect(writeKeyOfHeader(basic('key:password'))).toBe('key')
    expect(writeKeyOfHeader(`basic  ${Buffer.from('key').toString('base64')}`)).toBe('key')
  })

  it.each([[undefined], [''], ['Bearer x'], ['Basic'], [basic(':x')]])('is not in %j', (header) => {
    expect(writeKeyOfHeader(header)).toBeUndefined()
  })
})
