import { describe, expect, it } from '@jest/globals'
import type { KnownScore } from '../store/known.ts'
import { causeOfScore } from './cause-of-score.ts'

const known = (overrides: Partial<KnownScore> = {}): KnownScore => ({
  version: { generation: 1, sequence: 1 },
  scoredAt: '2026-03-01T12:00:00.000Z',
  day: '2026-03-01',
  newestInputAt: '2026-03-01T10:00:00.000Z',
  score: 60,
  band: 'amber',
  coverage: 1,
  partial: false,
  outcome: 60,
  experience: 60,
  measures: { frequency: { value: 14, score: 70, peerRank: null }, trend: { value: 0.1, score: 60, peerRank: null } },
  ...overrides,
})
const causedBy = (score: Partial<KnownScore>) => causeOfScore(known(), known(score), 'e1').cause

describe('what a score changes an account for', () => {
  it('is what came in, as old as the newest input', () => {
    expect(causeOfScore(null, known(), 'e1')).toEqual({
      cause: 'events',
      newestEvent: { id: 'e1', time: '2026-03-01T10:00:00.000Z', receivedAt: '2026-03-01T12:00:00.000Z' },
      evidence: ['e1'],
    })
    expect(causedBy({ newestInputAt: '2026-03-01T11:00:00.000Z' })).toBe('events')
  })

  it('is an event that is older than the newest input, where a value changed', () => {
    const measures = { ...known().measures, frequency: { value: 15, score: 75, peerRank: null } }
    expect(causedBy({ measures })).toBe('events')
    expect(causedBy({ measures, day: '2026-03-02' })).toBe('daily')
  })

  it('is no event where only the peers, the scorecard or a person made another score of the same values', () => {
    const ranked = { ...known().measures, frequency: { value: 14, score: 20, peerRank: 20 } }
    expect(causedBy({ measures: ranked, score: 30, band: 'red' })).toBe('daily')
    const other = {
      frequency: { value: 14, score: 20, peerRank: null },
      breadth: { value: 3, score: 60, peerRank: null },
    }
    expect(causedBy({ measures: other, score: 30, band: 'red' })).toBe('daily')
    expect(causedBy({ score: 5, band: 'red' })).toBe('daily')
  })
})
