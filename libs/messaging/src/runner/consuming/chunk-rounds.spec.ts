import { describe, expect, it } from '@jest/globals'
import type { Position } from '../progress/consumer-progress.ts'
import { ChunkRounds } from './chunk-rounds.ts'
import type { ChunkRequest, ChunkResult } from './process-chunk.ts'

const chunk = (partition: number, topic = 'usage'): ChunkRequest => ({
  topic,
  partition,
  from: 0,
  epoch: 1,
  records: [],
})
const committed = ({ topic, partition }: ChunkRequest): ChunkResult => ({
  kind: 'committed',
  position: {
    topic,
    partition,
    next: 1,
    lastCeId: null,
    logId: 'log',
    epoch: 1,
    logCounter: 0,
    mark: null,
    state: 'running',
    fences: new Map(),
    parked: false,
  } satisfies Position,
})
const away = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })

const rounds = (fails: (chunks: readonly ChunkRequest[]) => unknown = () => undefined) => {
  const processed: string[] = []
  const subject = new ChunkRounds(async (chunks) => {
    processed.push(chunks.map(({ topic, partition }) => `${topic}/${partition}`).join(' '))
    const fault = fails(chunks)
    if (fault !== undefined) throw fault
    return chunks.map(committed)
  })
  return { subject, processed }
}

describe('rounds of chunks', () => {
  it('hold what comes together, by topic, and answer each its own', async () => {
    const { subject, processed } = rounds()
    const results = await Promise.all([chunk(1), chunk(2), chunk(3, 'tickets')].map((one) => subject.run(one)))
    expect(results.map(({ position }) => position.partition)).toEqual([1, 2, 3])
    expect(processed).toEqual(['usage/1 usage/2', 'tickets/3'])
    await subject.run(chunk(4))
    expect(processed.at(-1)).toBe('usage/4')
  })

  it('let each chunk be run alone when something in them fails', async () => {
    const bad = new Error('partition 2 is bad')
    const { subject, processed } = rounds((chunks) =>
      chunks.some(({ partition }) => partition === 2) ? bad : undefined,
    )
    const results = await Promise.allSettled([chunk(1), chunk(2), chunk(3)].map((one) => subject.run(one)))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(processed).toEqual(['usage/1 usage/2 usage/3', 'usage/1', 'usage/2', 'usage/3'])
  })

  it('do not hold up the others when one waits too long for a lock', async () => {
    const locked = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' })
    const { subject } = rounds((chunks) => (chunks.some(({ partition }) => partition === 1) ? locked : undefined))
    const results = await Promise.allSettled([chunk(1), chunk(2)].map((one) => subject.run(one)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  it('fail together, and once, when the infrastructure does', async () => {
    const { subject, processed } = rounds(away)
    const results = await Promise.allSettled([chunk(1), chunk(2)].map((one) => subject.run(one)))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(processed).toEqual(['usage/1 usage/2'])
  })
})
