import { describe, expect, it } from '@jest/globals'
import { declare } from '../suite/harness.ts'
import { mismatches, settingsOf } from './topic-settings.ts'

const LAG_MS = 1_000
const compared = (declared: ReturnType<typeof declare>, found: Record<string, string>, partitions = 4) =>
  mismatches(declared, partitions, { ...settingsOf(declared, LAG_MS), ...found }, LAG_MS)

describe("a topic's settings on Kafka", () => {
  it('keep everything where no retention is declared', () => {
    expect(settingsOf(declare(), LAG_MS)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '-1' })
    expect(settingsOf(declare({ retentionMs: 5 }), LAG_MS)).toMatchObject({ 'retention.ms': '5' })
  })

  it('compact, and not before the longest outage promised', () => {
    expect(settingsOf(declare({ compacted: true }), LAG_MS)).toMatchObject({
      'cleanup.policy': 'compact',
      'min.compaction.lag.ms': '1000',
    })
  })

  it('leave room for the largest record and for a whole round', () => {
    expect(Number(settingsOf(declare({ maxRecordBytes: 3_000_000 }), LAG_MS)['max.message.bytes'])).toBe(6_000_000)
    expect(Number(settingsOf(declare({ maxRecordBytes: 1_000 }), LAG_MS)['max.message.bytes'])).toBe(900_000)
  })

  it('are compared one by one; more room or a longer lag than declared is fine', () => {
    const declared = declare({ compacted: true })
    expect(compared(declared, {})).toEqual([])
    expect(compared(declared, { 'max.message.bytes': '9000000', 'min.compaction.lag.ms': '2000' })).toEqual([])
    expect(compared(declared, { 'cleanup.policy': 'delete', 'min.compaction.lag.ms': '0' }, 2)).toEqual([
      'partitions is 2, declared is 4',
      'cleanup.policy is delete, declared is compact',
      'min.compaction.lag.ms is 0, declared is 1000',
    ])
  })
})
