import { describe, expect, it } from '@jest/globals'
import { formatTraceparent, isSampled, parseTraceparent } from './traceparent.ts'

const sampled = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

describe('a traceparent', () => {
  it('is read, and written as it was', () => {
    const context = parseTraceparent(sampled)
    expect(context).toEqual({ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', flags: 1 })
    expect(context && formatTraceparent(context)).toBe(sampled)
  })

  it.each([
    undefined,
    '',
    'x',
    sampled.slice(0, -1),
    `${sampled}0`,
    sampled.toUpperCase(),
    sampled.replace('00-', '01-'),
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  ])('is none: %s', (text) => {
    expect(parseTraceparent(text)).toBeUndefined()
    expect(isSampled(text)).toBe(false)
  })

  it('says whether it is kept', () => {
    expect(isSampled(sampled)).toBe(true)
    expect(isSampled(sampled.replace(/01$/, '03'))).toBe(true)
    expect(isSampled(sampled.replace(/01$/, '02'))).toBe(false)
  })
})
