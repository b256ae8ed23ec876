import { describe, expect, it } from '@jest/globals'
import { addressIn, isMailAddress, maskedAddress, maskedUrl } from './mail-address.ts'

describe('a mail address', () => {
  it.each(['alice@example.com', 'a.b+c@mail.example.co.jp', '担当@例え.jp'])('%s is one', (text) => {
    expect(isMailAddress(text)).toBe(true)
  })

  it.each([
    'alice',
    'alice@localhost',
    'a@b.cd, c@d.ef',
    'Alice <a@b.cd>',
    'a@b.cd\r\nBcc: x@y.zz',
    '"a b"@c.de',
    'group:a@b.cd;',
    `${'a'.repeat(250)}@b.cd`,
  ])('%j is none', (text) => {
    expect(isMailAddress(text)).toBe(false)
  })

  it('stands in the trait of an owner as a text, or as the email of an object', () => {
    expect(addressIn(' alice@example.com ')).toBe('alice@example.com')
    expect(addressIn({ email: 'alice@example.com', id: 7 })).toBe('alice@example.com')
    for (const none of [undefined, null, 7, 'Alice', { email: { email: 1 } }, ['alice@example.com']])
      expect(addressIn(none)).toBeNull()
  })
})

describe('what is shown', () => {
  it('of an address: its first character and its domain', () => {
    expect(maskedAddress('alice@example.com')).toBe('a…@example.com')
  })

  it('of a URL: its host', () => {
    expect(maskedUrl('https://hooks.slack.com/services/T0/B0/secret')).toBe('https://hooks.slack.com/…')
    expect(maskedUrl('https://hooks.example.com/?token=secret')).toBe('https://hooks.example.com/…')
    expect(maskedUrl('https://hooks.example.com')).toBe('https://hooks.example.com')
    expect(maskedUrl('secret')).toBe('…')
  })
})
