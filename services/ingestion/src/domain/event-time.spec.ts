import { describe, expect, it } from '@jest/globals'
import { type ClientTimes, eventTime, parseInstant } from './event-time.ts'

const receivedAt = new Date('2026-03-01T12:00:00.000Z')
const timeOf = (times: ClientTimes) => {
  const time = eventTime(times, receivedAt)
  return 'invalid' in time ? time : time.toISOString()
}

describe('parseInstant', () => {
  it.each([
    ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01 12:00:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T21:00:00+09:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T21:00:00+0900', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(parseInstant(text)?.toISOString()).toBe(instant)
  })

  it.each([
    ['yesterday'],
    [''],
    ['2026'],
    ['2026-13-01'],
    ['1969-12-31T00:00:00Z'],
    ['2026-03-01T25:00:00Z'],
    [1],
    [null],
  ])('refuses %j', (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })
})

describe('eventTime', () => {
  it('takes the timestamp as it is, however old', () => {
    expect(timeOf({ timestamp: '2011-08-01T10:00:00Z', sentAt: '2026-03-01T11:59:00Z' })).toBe(
      '2011-08-01T10:00:00.000Z',
    )
  })

  it('moves the original time by how far the clock of the client is off', () => {
    // The client's clock is an hour behind: it happened five minutes before it was sent.
    const times = { originalTimestamp: '2026-03-01T10:55:00Z', sentAt: '2026-03-01T11:00:00Z' }
    expect(timeOf(times)).toBe('2026-03-01T11:55:00.000Z')
  })

  it('takes the original time as it is when nothing says when it was sent', () => {
    expect(timeOf({ originalTimestamp: '2026-03-01T10:55:00Z', sentAt: 'x' })).toBe('2026-03-01T10:55:00.000Z')
  })

  it('takes the time of receipt without one', () => {
    expect(timeOf({ timestamp: null, sentAt: '2026-03-01T11:00:00Z' })).toBe(receivedAt.toISOString())
  })

  it('allows a day ahead, and no more', () => {
    expect(timeOf({ timestamp: '2026-03-02T12:00:00.000Z' })).toBe('2026-03-02T12:00:00.000Z')
    expect(timeOf({ timestamp: '2026-03-02T12:00:00.001Z' })).toBe(receivedAt.toISOString())
  })

  it('names the field that is no time', () => {
    expect(timeOf({ timestamp: 12 })).toEqual({ invalid: 'timestamp' })
    expect(timeOf({ originalTimestamp: 'x' })).toEqual({ invalid: 'originalTimestamp' })
  })
})
