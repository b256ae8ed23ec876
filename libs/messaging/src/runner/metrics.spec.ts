import { metricFaults } from '@banso/testing/metric-faults.ts'
import { describe, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { RunnerMetrics, writerKind } from './metrics.ts'

const at = { topic: 'ingestion.usage-events.v1', partition: 3 }
const labels = 'group="health",topic="ingestion.usage-events.v1"'

describe("the runner's metrics", () => {
  it('ask a group for its lag and its sign of life when they are scraped, until it is forgotten', async () => {
    const registry = new Registry()
    const metrics = new RunnerMetrics(registry)
    const lag = [{ ...at, next: 40, end: 42 }]
    metrics.watch('health', { lag: () => lag, aliveAt: () => new Date(1_500) })
    lag.push({ ...at, partition: 4, next: 9, end: 7 }) // an end seen before records that were committed since
    const text = await registry.metrics()
    expect(text).toContain(`banso_consumer_lag_records{${labels},partition="3"} 2\n`)
    expect(text).toContain(`banso_consumer_lag_records{${labels},partition="4"} 0\n`)
    expect(text).toContain('banso_consumer_alive_timestamp_seconds{group="health"} 1.5\n')
    lag.pop()
    expect(await registry.metrics()).not.toContain('partition="4"')
    metrics.forget('health')
    expect(await registry.metrics()).not.toMatch(/^banso_consumer_\w+\{/m)
  })

  it('count by group and topic, and name no account', async () => {
    const registry = new Registry()
    const metrics = new RunnerMetrics(registry)
    const { topic } = at
    metrics.chunkSeconds.observe({ group: 'health', topic }, 0.02)
    metrics.chunkSize.observe({ group: 'health', topic }, 7)
    for (const counter of [metrics.parked, metrics.dead, metrics.pauses]) counter.inc({ group: 'health', topic }, 2)
    metrics.drops.inc({ group: 'health', topic, writer: 'received' }, 3)
    const text = await registry.metrics()
    for (const line of [
      `banso_chunk_seconds_bucket{le="0.025",${labels}} 1`,
      `banso_chunk_records_sum{${labels}} 7`,
      `banso_parked_messages_total{${labels}} 2`,
      `banso_dead_messages_total{${labels}} 2`,
      `banso_infrastructure_pauses_total{${labels}} 2`,
      `banso_fence_drops_total{${labels},writer="received"} 3`,
    ])
      expect(text).toContain(`${line}\n`)
    expect(metricFaults(text)).toEqual([])
  })

  it.each([
    ['received/Qm3kXv0YTJ-2mZ8sC1yEwA/1/7', 'received'],
    ['outbox/health/3', 'outbox/health'],
  ])('call the writer %s %s, whatever log and generation it wrote to', (writer, kind) => {
    expect(writerKind(writer)).toBe(kind)
  })
})
