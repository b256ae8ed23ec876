import { describe, expect, it } from '@jest/globals'
import { type CallContext, checkCall, MAX_EVENT_BYTES } from './segment-call.ts'

const receivedAt = new Date('2026-03-01T12:00:00.000Z')
const context: CallContext = { receivedAt, keyKind: 'server', newMessageId: () => 'made' }
const track = { type: 'track', messageId: 'm-1', userId: 'u-1', event: 'Signed In' }

const checked = (raw: unknown, more: Partial<CallContext> = {}) => checkCall(raw, { ...context, ...more })
const rejection = (raw: unknown, more: Partial<CallContext> = {}) => {
  const result = checked(raw, more)
  return result.accepted ? 'accepted' : { code: result.rejection.code, pointer: result.rejection.pointer }
}
const sizeWith = (text: string) => {
  const result = checked({ ...track, properties: { text } })
  return result.accepted ? Buffer.byteLength(result.json) : undefined
}
const nested = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels))

describe('checkCall', () => {
  it('keeps what it does not know, but the write key', () => {
    const result = checked({ ...track, writeKey: 'secret', sentAt: 'x', category: 'a', properties: { n: 1 } })
    expect(result).toMatchObject({
      accepted: true,
      call: { ...track, category: 'a', properties: { n: 1 }, timestamp: receivedAt.toISOString() },
    })
    expect(JSON.stringify(result)).not.toContain('secret')
  })

  it('makes a missing messageId, and takes null as missing', () => {
    expect(checked({ ...track, messageId: null, anonymousId: null, properties: null })).toMatchObject({
      accepted: true,
      call: { messageId: 'made', event: 'Signed In' },
    })
  })

  it('takes the type of the route', () => {
    const { type: _, ...untyped } = track
    expect(checked(untyped, { type: 'track' })).toMatchObject({ accepted: true, call: { type: 'track' } })
  })

  it.each([
    ['no object', [1], 'EVENT_NOT_AN_OBJECT', ''],
    ['null', null, 'EVENT_NOT_AN_OBJECT', ''],
    ['unknown type', { ...track, type: 'import' }, 'TYPE_UNKNOWN', '/type'],
    ['no type', { userId: 'u' }, 'TYPE_UNKNOWN', '/type'],
    ['nobody', { ...track, userId: undefined }, 'SENDER_MISSING', '/userId'],
    ['a number for a user', { ...track, userId: 7 }, 'FIELD_INVALID', '/userId'],
    ['an empty user', { ...track, userId: '' }, 'FIELD_INVALID', '/userId'],
    ['a text for properties', { ...track, properties: 'x' }, 'FIELD_INVALID', '/properties'],
    ['no event name', { ...track, event: undefined }, 'EVENT_NAME_MISSING', '/event'],
    ['no group', { ...track, type: 'group' }, 'GROUP_ID_MISSING', '/groupId'],
    ['no previous id', { ...track, type: 'alias' }, 'PREVIOUS_ID_MISSING', '/previousId'],
    ['alias of nobody', { type: 'alias', previousId: 'a', anonymousId: 'b' }, 'USER_ID_MISSING', '/userId'],
    ['a number for a group', { ...track, context: { groupId: 7 } }, 'FIELD_INVALID', '/context/groupId'],
    ['no time', { ...track, timestamp: 'yesterday' }, 'TIME_INVALID', '/timestamp'],
    ['NUL in an id', { ...track, userId: 'a\0b' }, 'FIELD_INVALID', '/userId'],
    ['half a surrogate pair in an id', { ...track, messageId: '\uD800' }, 'FIELD_INVALID', '/messageId'],
    ['too deep', { ...track, properties: nested(40) }, 'EVENT_TOO_DEEP', ''],
    ['too large', { ...track, properties: { text: 'x'.repeat(MAX_EVENT_BYTES) } }, 'EVENT_TOO_LARGE', ''],
  ])('refuses %s', (_, raw, code, pointer) => {
    expect(rejection(raw)).toEqual({ code, pointer })
  })

  it('refuses 10,000 and 100,000 levels without ending the process', () => {
    expect(rejection({ ...track, properties: nested(10_000) })).toMatchObject({ code: 'EVENT_TOO_DEEP' })
    expect(rejection(nested(100_000))).toMatchObject({ code: 'EVENT_TOO_DEEP' })
  })

  it('takes an event of exactly the largest size, measured in bytes', () => {
    const empty = sizeWith('') ?? 0
    const room = MAX_EVENT_BYTES - empty
    expect(sizeWith('x'.repeat(room))).toBe(MAX_EVENT_BYTES)
    expect(sizeWith('x'.repeat(room + 1))).toBeUndefined()
    expect(sizeWith('長'.repeat(Math.floor(room / 3)))).toBeLessThanOrEqual(MAX_EVENT_BYTES)
    expect(sizeWith('長'.repeat(Math.floor(room / 3) + 1))).toBeUndefined()
  })

  it('takes __proto__ out and leaves prototypes alone', () => {
    const raw: unknown = JSON.parse(
      '{"type":"track","userId":"u","event":"e","__proto__":{"admin":true},"properties":{"__proto__":{"x":1},"constructor":{"prototype":{"y":1}},"ok":1}}',
    )
    const result = checked(raw)
    expect(result).toMatchObject({ accepted: true, call: { properties: { ok: 1 } } })
    expect(result.accepted && result.json).not.toContain('__proto__')
    expect(({} as Record<string, unknown>)['y']).toBeUndefined()
    expect(result.accepted && 'admin' in result.call).toBe(false)
  })

  it('makes texts storable that are not ids', () => {
    const result = checked({ ...track, properties: { note: 'a\0b', 'k\0': '\uDC00', list: ['\0'] } })
    expect(result).toMatchObject({
      accepted: true,
      call: { properties: { note: 'a\uFFFDb', 'k\uFFFD': '\uFFFD', list: ['\uFFFD'] } },
    })
  })

  it.each([
    ['a text', { ...track, properties: { list: [{ note: 'a MARK' }] } }, 'm-1'],
    ['a name', { ...track, properties: { MARK: 1 } }, 'm-1'],
    ['its id', { ...track, messageId: 'm-MARK' }, undefined],
  ])('refuses bytes in %s that were no UTF-8, and repeats none of them', (_, raw, messageId) => {
    const result = checked(raw, { badBytes: 'MARK' })
    expect(result).toMatchObject({ accepted: false, rejection: { code: 'UTF8_INVALID' } })
    expect('messageId' in result ? result.messageId : undefined).toBe(messageId)
  })

  it('lets a browser key say less', () => {
    const browser = { keyKind: 'browser' } as const
    const told = ['track', 'page', 'screen', 'identify', 'group', 'alias'].map((type) => {
      const said = rejection({ ...track, type, groupId: 'g', previousId: 'p' }, browser)
      return typeof said === 'string' ? said : said.code
    })
    const refused = 'CALL_FORBIDDEN_FOR_KEY'
    expect(told).toEqual(['accepted', 'accepted', 'accepted', 'accepted', refused, refused])
  })

  it('names the event it refuses, where it can', () => {
    expect(checked({ ...track, userId: 7 })).toMatchObject({ accepted: false, messageId: 'm-1' })
    expect(checked({ userId: 7 })).not.toHaveProperty('messageId')
  })
})
