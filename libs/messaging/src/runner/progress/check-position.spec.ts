import { topics } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { recordAt } from '../../../test/records.suite.ts'
import { checkPosition, checkRecordBefore, fetchFrom } from './check-position.ts'
import type { Position } from './consumer-progress.ts'

const position = (overrides: Partial<Position> = {}): Position => ({
  topic: 'ingestion.usage-events.v1',
  partition: 0,
  next: 10,
  lastCeId: 'a9',
  logId: 'log',
  epoch: 1,
  logCounter: 0,
  fences: new Map(),
  parked: false,
  mark: null,
  state: 'running',
  ...overrides,
})
const bounds = (start: number, end: number) => ({ topic: 'ingestion.usage-events.v1', partition: 0, start, end })

describe('checking a position', () => {
  it('finds nothing wrong within the same log, its end included', () => {
    expect(checkPosition(position(), 'log', bounds(0, 10), topics.usageEvents)).toBeUndefined()
    expect(checkPosition(position(), 'log', bounds(10, 90), topics.usageEvents)).toBeUndefined()
  })

  it.each([
    ['another log', 'other', bounds(0, 90), 'of another log'],
    ['a log that ends before it', 'log', bounds(0, 9), "beyond the log's end"],
    ['a log that starts after it', 'log', bounds(11, 90), "below the log's start"],
    ['a log without the partition', 'log', undefined, 'no such partition'],
  ])('tells %s', (_, id, within, reason) => {
    expect(checkPosition(position(), id, within, topics.usageEvents)).toContain(reason)
  })

  it('lets a compacted topic start anywhere: superseded records leave it', () => {
    expect(checkPosition(position(), 'log', bounds(11, 90), topics.profiles)).toBeUndefined()
  })
})

describe('the record before a position', () => {
  it('is fetched again where records stay, and only there', () => {
    expect(fetchFrom(position(), topics.usageEvents)).toBe(9)
    expect(fetchFrom(position(), topics.profiles)).toBe(10)
    expect(fetchFrom(position(), topics.received)).toBe(10)
    expect(fetchFrom(position({ lastCeId: null }), topics.usageEvents)).toBe(10)
    expect(fetchFrom(position({ next: 0 }), topics.usageEvents)).toBe(0)
  })

  it('must be the one that was consumed', () => {
    expect(checkRecordBefore(position(), recordAt(9, 'a'))).toBeUndefined()
    expect(checkRecordBefore(position(), recordAt(9, 'b'))).toContain('the record before 10 is b9, not a9')
  })
})
