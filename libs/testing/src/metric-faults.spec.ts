import { describe, expect, it } from '@jest/globals'
import { metricFaults } from './metric-faults.ts'

const exposed = (name: string, { type = 'gauge', help = 'Helps', labels = '' } = {}): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}${labels} 1\n`

describe('metricFaults', () => {
  it('finds nothing in what keeps the conventions', () => {
    const histogram = [
      '# HELP banso_chunk_seconds Time',
      '# TYPE banso_chunk_seconds histogram',
      'banso_chunk_seconds_bucket{le="0.1",group="health"} 1',
      'banso_chunk_seconds_sum{group="health"} 0.05',
      'banso_chunk_seconds_count{group="health"} 1',
    ].join('\n')
    const counter = exposed('banso_events_total', { type: 'counter', labels: '{result="ok, or \\"so\\"",code=""}' })
    expect(metricFaults(`${histogram}\n${counter}`)).toEqual([])
  })

  it.each([
    [exposed('banso_events', { type: 'counter' }), /counters, and only counters/],
    [exposed('banso_events_total'), /counters, and only counters/],
    [exposed('banso_wait_ms'), /base unit/],
    [exposed('banso_size_kilobytes'), /base unit/],
    [exposed('banso_rowGauge'), /snake case/],
    [exposed('banso_row_gauge'), /type in its name/],
    [exposed('banso_rows_count'), /part of a histogram/],
    [exposed('rows'), /prefixes/],
    [exposed('banso_rows', { help: '' }), /no help/],
    [exposed('banso_rows', { labels: '{account="acme"}' }), /unbounded/],
    [exposed('banso_rows', { labels: '{group="3b241101-e2bb-4255-8caf-4136c566a962"}' }), /an id/],
    ['', /nothing is exposed/],
  ])('finds what breaks them: %s', (exposition, fault) => {
    expect(metricFaults(exposition)).toEqual([expect.stringMatching(fault)])
  })

  it('finds a label with too many values', () => {
    const series = Array.from({ length: 1_001 }, (_, n) => `banso_rows{topic="t${n}"} 1`).join('\n')
    expect(metricFaults(`# HELP banso_rows Rows\n# TYPE banso_rows gauge\n${series}\n`)).toEqual([
      'banso_rows has 1001 series',
    ])
  })
})
