import { describe, expect, it } from '@jest/globals'
import type { Batch, Continue, LogRecord } from '../event-log.ts'
import { recordFor } from '../suite/harness.ts'
import { Lane, type LaneFeed } from './lane.ts'
import { Turns } from './turns.ts'

const records = (from: number, count: number): LogRecord[] =>
  Array.from({ length: count }, (_, n) => ({
    ...recordFor('topic', 0, `${from + n}`),
    offset: from + n,
    appendedAt: new Date(0),
  }))

class NotedFeed implements LaneFeed {
  readonly seeks: number[] = []
  readonly faults: unknown[] = []
  paused = false

  seek(_: Lane, offset: number): void {
    this.seeks.push(offset)
  }
  pause(): void {
    this.paused = true
  }
  resume(): void {
    this.paused = false
  }
  passed(): void {
    // not looked at here
  }
  crashed(fault: unknown): void {
    this.faults.push(fault)
  }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
/** A batch is handed on in the turn after the one in which it was offered. */
const settled = async () => {
  await nextTurn()
  await nextTurn()
}

const openLane = async (
  overrides: {
    start?: () => Promise<number>
    onBatch?: (batch: Batch) => Promise<Continue>
    gaps?: boolean
    leastIntervalMs?: number
  } = {},
) => {
  const feed = new NotedFeed()
  const batches: Batch[] = []
  const answers: ((answer: Continue) => void)[] = []
  const onBatch = (batch: Batch): Promise<Continue> => {
    batches.push(batch)
    return overrides.onBatch?.(batch) ?? new Promise((resolve) => answers.push(resolve))
  }
  const lane = new Lane(
    { topic: 'topic', partition: 0 },
    {
      options: { start: overrides.start ?? (async () => 0), onBatch },
      bounds: { bytes: 1_000_000, records: 10 },
      turns: new Turns(overrides.leastIntervalMs ?? 0),
      feed,
      mayHaveGaps: () => overrides.gaps ?? false,
    },
  )
  lane.open()
  await settled()
  const answer = async (next: number, pauseMs = 0) => {
    answers.shift()?.({ next, pauseMs })
    await settled()
  }
  return { lane, feed, batches, answer }
}

const allDone = async ({ records: taken }: Batch): Promise<Continue> => ({
  next: (taken.at(-1)?.offset ?? 0) + 1,
  pauseMs: 0,
})

describe('a lane', () => {
  it('fetches nothing before the caller has said where to start', async () => {
    const asked = Promise.withResolvers<number>()
    const { lane, feed } = await openLane({ start: () => asked.promise })
    expect(lane.fetchFrom).toBeUndefined()
    expect(feed.paused).toBe(true)
    asked.resolve(7)
    await settled()
    expect(lane.fetchFrom).toBe(7)
    expect(feed).toMatchObject({ seeks: [7], paused: false })
    await lane.close()
  })

  it('stops fetching while a whole batch waits, and goes on when there is room', async () => {
    const { lane, feed, batches, answer } = await openLane()
    lane.offer(records(0, 4), 100)
    await settled()
    expect(batches[0]?.records).toHaveLength(4)
    lane.offer(records(4, 9), 100)
    expect(feed.paused).toBe(false)
    lane.offer(records(13, 9), 100)
    expect(feed.paused).toBe(true)
    expect(lane.offer(records(22, 9), 100)).toBe(false)
    await answer(4)
    expect(batches[1]?.records).toHaveLength(10)
    await answer(14)
    expect(batches[2]?.records.map(({ offset }) => offset)).toEqual([14, 15, 16, 17, 18, 19, 20, 21])
    expect(feed.paused).toBe(false)
    expect(lane.fetchFrom).toBe(22)
    await answer(22)
    await lane.close()
  })

  it('hands a batch on again from where the answer says, without fetching it anew', async () => {
    const { lane, feed, batches, answer } = await openLane()
    lane.offer(records(0, 6), 6)
    await settled()
    await answer(2)
    expect(batches[1]?.records.map(({ offset }) => offset)).toEqual([2, 3, 4, 5])
    expect(feed.seeks).toEqual([0])
    await answer(6)
    await lane.close()
  })

  it('fetches from elsewhere when the answer lies outside of the batch', async () => {
    const { lane, feed, answer } = await openLane()
    lane.offer(records(0, 6), 100)
    await settled()
    await answer(50)
    expect(lane.fetchFrom).toBe(50)
    expect(feed.seeks).toEqual([0, 50])
    await lane.close()
  })

  it.each([
    ['a gap', 3],
    ['a step back', 0],
  ])('takes %s for a jump and asks again where to start', async (_, offset) => {
    const { lane, batches } = await openLane({ start: async () => 1 })
    expect(lane.offer(records(offset, 2), 10)).toBe(false)
    expect(lane.fetchFrom).toBeUndefined()
    expect(batches).toEqual([])
    await lane.close()
  })

  it('takes a gap for granted where records may have been deleted', async () => {
    const { lane, batches, answer } = await openLane({ gaps: true })
    expect(lane.offer(records(5, 2), 10)).toBe(true)
    await settled()
    expect(batches[0]?.records.map(({ offset }) => offset)).toEqual([5, 6])
    await answer(7)
    await lane.close()
  })

  it('tells of a rejected batch once and hands on nothing more', async () => {
    const fault = new Error('broken')
    const { lane, feed, batches } = await openLane({ onBatch: () => Promise.reject(fault) })
    lane.offer(records(0, 20), 20)
    await settled()
    expect(feed.faults).toEqual([fault])
    expect(batches).toHaveLength(1)
    await lane.close()
  })

  it('closes when what is under way has ended, and not before', async () => {
    const { lane, answer } = await openLane()
    lane.offer(records(0, 2), 2)
    await settled()
    let closed = false
    const closing = (async () => {
      await lane.close()
      closed = true
    })()
    await settled()
    expect(closed).toBe(false)
    await answer(2)
    await closing
    expect(closed).toBe(true)
  })

  it('gathers what arrives soon after a batch began, but hands on at once after a quiet time', async () => {
    const { lane, batches } = await openLane({ onBatch: allDone, leastIntervalMs: 100 })
    lane.offer(records(0, 1), 1)
    await settled()
    lane.offer(records(1, 2), 3)
    await settled()
    lane.offer(records(3, 1), 4)
    while (batches.length < 2) await settled()
    expect(batches.map((batch) => batch.records.map(({ offset }) => offset))).toEqual([[0], [1, 2, 3]])
    await lane.close()
  })
})
