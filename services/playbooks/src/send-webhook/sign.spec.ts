import { describe, expect, it } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { signedHeaders } from './sign.ts'

const secret = () => `whsec_${randomBytes(32).toString('base64')}`

describe('signing', () => {
  const body = '{"type":"playbook.action","言葉":"伴走"}'

  it('is verified by the standardwebhooks package, and not when a byte differs', () => {
    const key = secret()
    const headers = signedHeaders('run-1', new Date(), body, [key])
    expect(new Webhook(key).verify(body, headers)).toEqual(JSON.parse(body))
    expect(() => new Webhook(key).verify(`${body} `, headers)).toThrow('No matching signature')
    expect(() => new Webhook(secret()).verify(body, headers)).toThrow('No matching signature')
    expect(() => new Webhook(key).verify(body, { ...headers, 'webhook-id': 'run-2' })).toThrow('No matching signature')
  })

  it('carries a signature by each secret while one is being rotated', () => {
    const [old, young] = [secret(), secret()]
    const headers = signedHeaders('run-1', new Date(), body, [young, old])
    expect(new Webhook(old).verify(body, headers)).toEqual(JSON.parse(body))
    expect(new Webhook(young).verify(body, headers)).toEqual(JSON.parse(body))
  })
})
