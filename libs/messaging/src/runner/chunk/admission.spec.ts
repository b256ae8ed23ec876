import { describe, expect, it } from '@jest/globals'
import { idsOf, recordAt } from '../../../test/records.suite.ts'
import type { Position } from '../progress/consumer-progress.ts'
import { refusalOf, upToMark } from './admission.ts'

const position = (overrides: Partial<Position> = {}): Position => ({
  topic: 'ingestion.usage-events.v1',
  partition: 0,
  next: 10,
  lastCeId: 'x',
  logId: 'log',
  epoch: 3,
  logCounter: 0,
  fences: new Map(),
  parked: false,
  mark: null,
  state: 'running',
  ...overrides,
})

describe('admitting a chunk', () => {
  it('takes one that was fetched at the position or below it', () => {
    expect(refusalOf(position(), { from: 10, epoch: 3 })).toBeUndefined()
    expect(refusalOf(position(), { from: 4, epoch: 3 })).toBeUndefined()
  })

  it('refuses one from beyond the position, or of another epoch', () => {
    expect(refusalOf(position(), { from: 11, epoch: 3 })).toBe('elsewhere')
    expect(refusalOf(position(), { from: 10, epoch: 2 })).toBe('elsewhere')
  })

  it('refuses everything while the group is stopped', () => {
    expect(refusalOf(position({ state: 'stopped' }), { from: 10, epoch: 3 })).toBe('stopped')
  })

  it('holds a partition of a rebuild at its mark, and all of them while the state is republished', () => {
    expect(refusalOf(position({ state: 'rebuilding', mark: 11 }), { from: 10, epoch: 3 })).toBeUndefined()
    expect(refusalOf(position({ state: 'rebuilding', mark: 10 }), { from: 10, epoch: 3 })).toBe('held')
    expect(refusalOf(position({ state: 'rebuilding', next: 0 }), { from: 0, epoch: 3 })).toBe('held')
    expect(refusalOf(position({ state: 'republishing' }), { from: 10, epoch: 3 })).toBe('held')
  })
})

describe('the mark of a rebuild', () => {
  const records = [recordAt(10, 'a'), recordAt(11, 'b'), recordAt(14, 'c')]

  it('cuts a chunk, and the position goes to the mark', () => {
    const cut = upToMark(position({ state: 'rebuilding', mark: 12 }), records)
    expect(idsOf(cut.records)).toEqual(['a10', 'b11'])
    expect(cut.next).toBe(12)
  })

  it('is reached although compaction has taken everything before it', () => {
    expect(upToMark(position({ state: 'rebuilding', mark: 9 + 1 }), [])).toEqual({ records: [], next: 10 })
    expect(upToMark(position({ state: 'rebuilding', mark: 13, next: 12 }), records.slice(2))).toEqual({
      records: [],
      next: 13,
    })
  })

  it('cuts nothing otherwise', () => {
    expect(upToMark(position(), records).next).toBe(15)
    expect(upToMark(position({ state: 'rebuilding', mark: 15 }), records).records).toHaveLength(3)
  })
})
