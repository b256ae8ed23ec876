import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { type Kept, README, readKept, tableOf, withTable } from './table.ts'

const kept: Kept = {
  bench: 'sorter',
  day: '2026-11-22',
  cores: 2,
  result: { log: 'kafka', perSecond: 12_345, floorPerSecond: 20_000, ratio: 0.617 },
}

describe('the table of benches', () => {
  it('has a row per bench and log', () => {
    expect(tableOf([kept]).split('\n')).toEqual([
      '| what                              | log   | measured                              | when, where         |',
      '| --------------------------------- | ----- | ------------------------------------- | ------------------- |',
      '| raw events sorted into typed ones | kafka | 12,345/s; 0.62 of a floor of 20,000/s | 2026-11-22, 2 cores |',
    ])
  })

  it('sets the latencies of the pipeline against those of its floor', () => {
    const latencies = { p50Ms: 386, p95Ms: 577, p99Ms: 643, ratioP95: 11.148, floorP95Ms: 52 }
    const pipeline = { ...kept, bench: 'pipeline', result: { log: 'kafka', eventsPerSecond: 500, ...latencies } }
    expect(tableOf([pipeline])).toContain(
      '| 500 events/s: p50 386, p95 577, p99 643 ms; p95 11.1 times a floor of 52 ms |',
    )
  })

  it('stands in the README as it is made', () => {
    const page = readFileSync(README, 'utf8')
    expect(withTable(page, readKept())).toBe(page)
  })

  it('wants its marks', () => {
    expect(() => withTable('nothing', [kept])).toThrow('README.md has no')
  })
})
