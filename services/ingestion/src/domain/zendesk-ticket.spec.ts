import { describe, expect, it } from '@jest/globals'
import { signatureFault, zendeskSignature } from './zendesk-signature.ts'
import { readTicket } from './zendesk-ticket.ts'

const receivedAt = new Date('2026-03-01T12:00:00.000Z')
const created = {
  event: 'created',
  ticketId: '35436',
  status: 'Open',
  priority: 'High',
  createdAt: '2026-03-01T11:00Z',
  updatedAt: '2026-03-01T20:05:00+09:00',
  organizationExternalId: 'acme',
  requesterExternalId: 'u-1',
  subject: 'Broken',
  comment: { body: 'It is "broken"\nreally', public: 'true', by: 'customer' },
}
const read = (body: unknown) => readTicket(structuredClone(body), receivedAt)
const pointers = (body: unknown) => {
  const result = read(body)
  return 'faults' in result ? result.faults.map(({ pointer }) => pointer) : 'accepted'
}

describe('readTicket', () => {
  it('reads what our trigger sends', () => {
    expect(read(created)).toEqual({
      ticket: {
        ...created,
        status: 'open',
        priority: 'high',
        createdAt: '2026-03-01T11:00:00.000Z',
        updatedAt: '2026-03-01T11:05:00.000Z',
        comment: { ...created.comment, public: true },
      },
    })
  })

  it.each([
    ['Open', 'open'],
    ['On-hold', 'hold'],
    ['保留中', 'pending'],
    ['待機中', 'hold'],
    ['解決済み', 'solved'],
    ['終了', 'closed'],
  ])('reads the status %s as %s', (title, status) => {
    expect(read({ ...created, status: title })).toMatchObject({ ticket: { status } })
  })

  it.each([
    ['', null],
    ['-', null],
    [null, null],
    ['Urgent', 'urgent'],
    ['緊急', 'urgent'],
    ['低', 'low'],
  ])('reads the priority %j as %j', (title, priority) => {
    expect(read({ ...created, priority: title })).toMatchObject({ ticket: { priority } })
  })

  it('says what a field may be, once, and names every field at fault', () => {
    const { ticketId: _, ...without } = created
    expect(read({ ...without, event: 'opened', status: 'In arbeit', priority: 'Brennt', subject: 7 })).toEqual({
      faults: [
        { pointer: '/event', message: 'must be one of created, replied, updated, rated' },
        { pointer: '/ticketId', message: 'is missing' },
        { pointer: '/status', message: 'must be one of new, open, pending, hold, solved, closed' },
        { pointer: '/priority', message: 'must be one of low, normal, high, urgent' },
        { pointer: '/subject', message: 'must be string' },
      ],
    })
  })

  it('takes what a placeholder left empty as missing', () => {
    const empty = { organizationExternalId: '', requesterExternalId: ' ', subject: '', comment: { body: '' } }
    const result = read({ ...created, ...empty, updatedAt: '' })
    expect(result).toMatchObject({
      ticket: { organizationExternalId: null, requesterExternalId: null, updatedAt: receivedAt.toISOString() },
    })
    expect(Object.keys('ticket' in result ? result.ticket : {})).not.toContain('comment')
  })

  it('takes ids that were written without quotes', () => {
    expect(read({ ...created, ticketId: 35_436 })).toMatchObject({ ticket: { ticketId: '35436' } })
  })

  it('cuts a text that is too long', () => {
    const result = read({ ...created, comment: { body: 'x'.repeat(30_000), public: true } })
    expect('ticket' in result && result.ticket.comment?.body).toHaveLength(20_000)
  })

  const escaped = '\u0001'.repeat(20_000)

  it.each([
    ['what no record has room for', { ...created, subject: escaped, comment: { body: escaped, public: true } }, ['']],
    ['no object', [], ['']],
    ['an unknown event', { ...created, event: 'deleted' }, ['/event']],
    ['an unknown status', { ...created, status: 'Waiting for parts' }, ['/status']],
    ['no ticket', { ...created, ticketId: '' }, ['/ticketId']],
    ['no time of creation', { ...created, createdAt: 'Tuesday' }, ['/createdAt']],
    ['a reply without words', { ...created, event: 'replied', comment: { body: '' } }, ['/comment']],
    ['a rating without a score', { ...created, event: 'rated' }, ['/rating']],
    ['another score', { ...created, event: 'rated', rating: { score: 'fine' } }, ['/rating/score']],
    ['a text for a flag', { ...created, comment: { body: 'x', public: 'maybe' } }, ['/comment/public']],
    ['NUL in an id', { ...created, requesterExternalId: 'a\0b' }, ['/requesterExternalId']],
  ])('refuses %s', (_, body, expected) => {
    const found = pointers(body)
    expect(Array.isArray(found) ? found : [found]).toEqual(expect.arrayContaining(expected))
  })
})

describe('signatureFault', () => {
  const secret = 'dGhpcyBpcyBhIHNlY3JldA=='
  const body = Buffer.from('{"a":1}')
  const timestamp = '2026-03-01T12:00:00Z'
  const signature = zendeskSignature(secret, timestamp, body)
  const at = (seconds: number) => new Date(new Date(timestamp).getTime() + seconds * 1_000)

  it('is none for what Zendesk signed', () => {
    expect(signature).toBe('k+V1d1PHRCitX9PDl8n5BwUFX8Vt0LTOrMtM9NcnLG4=')
    expect(signatureFault({ body, signature, timestamp }, secret, receivedAt)).toBeUndefined()
  })

  it('allows five minutes either way, and no more', () => {
    const faults = [-301, -300, 300, 301].map((s) => signatureFault({ body, signature, timestamp }, secret, at(s)))
    expect(faults).toEqual(['SIGNATURE_STALE', undefined, undefined, 'SIGNATURE_STALE'])
  })

  it('tells unsigned, wrong and altered requests', () => {
    const fault = (more: object) => signatureFault({ body, signature, timestamp, ...more }, secret, receivedAt)
    expect(fault({ signature: undefined })).toBe('SIGNATURE_MISSING')
    expect(fault({ timestamp: '' })).toBe('SIGNATURE_MISSING')
    expect(fault({ signature: 'x' })).toBe('SIGNATURE_INVALID')
    expect(fault({ body: Buffer.from('{"a":2}') })).toBe('SIGNATURE_INVALID')
    expect(fault({ timestamp: '2026-03-01T12:00:01Z' })).toBe('SIGNATURE_INVALID')
    expect(signatureFault({ body, signature, timestamp }, 'another', receivedAt)).toBe('SIGNATURE_INVALID')
  })

  it('takes no timestamp that is no time, though it was signed', () => {
    const signed = { body, timestamp: 'now', signature: zendeskSignature(secret, 'now', body) }
    expect(signatureFault(signed, secret, receivedAt)).toBe('SIGNATURE_STALE')
  })
})
