import { describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { newWebhookSecret, SecretBox } from './secret-box.ts'

const box = () => new SecretBox(randomBytes(32).toString('base64'))

describe('webhook secrets', () => {
  it('have the form of Standard Webhooks and 32 random bytes', () => {
    const [, bytes = ''] = /^whsec_([A-Za-z0-9+/=]+)$/.exec(newWebhookSecret()) ?? []
    expect(Buffer.from(bytes, 'base64')).toHaveLength(32)
    expect(newWebhookSecret()).not.toBe(newWebhookSecret())
  })

  it('open with the key and the owner they were sealed with, and no other', () => {
    const secrets = box()
    const sealed = secrets.seal('whsec_abc', 'call-when-red')
    expect(secrets.open(sealed, 'call-when-red')).toBe('whsec_abc')
    expect(sealed.includes('whsec')).toBe(false)
    expect(() => secrets.open(sealed, 'another')).toThrow('the webhook secret of another')
    const open = () => box().open(sealed, 'call-when-red')
    expect(open).toThrow('the webhook secret of call-when-red does not open with this BANSO_MASTER_KEY')
  })

  it('are sealed differently each time', () => {
    const secrets = box()
    expect(secrets.seal('whsec_abc', 'a').equals(secrets.seal('whsec_abc', 'a'))).toBe(false)
  })
})
