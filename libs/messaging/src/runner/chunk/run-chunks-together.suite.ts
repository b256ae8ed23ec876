import { topics } from '@banso/contracts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { changeAfter, RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import type { ChunkRequest } from '../consuming/process-chunk.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'
import { UndoneError } from './bisecting.ts'
import { runChunks } from './run-chunks.ts'

const topic = topics.usageEvents.name

let fixture: RunnerFixture

const progress = new ConsumerProgress('health')

/** All that a partition holds, as the chunk that its consumer would have. */
const chunkOf = async (partition: number): Promise<ChunkRequest> => {
  const { next, epoch } = await progress.open(fixture.dataSource.manager, { topic, partition }, await fixture.log.id())
  return { topic, partition, from: next, epoch, records: await fixture.log.read({ topic, partition }, next, 100) }
}
const positions = async () =>
  (await progress.all(fixture.dataSource.manager)).map(({ partition, next, lastCeId }) => ({
    partition,
    next,
    lastCeId,
  }))
const run = (chunks: readonly ChunkRequest[]) => runChunks(fixture.context(), { handler: fixture.handler() }, chunks)

export const describeRunChunksTogether = (): void => {
  describe('chunks of several partitions', () => {
    beforeEach(async () => {
      fixture = await RunnerFixture.open()
      await fixture.position()
    })
    afterEach(() => fixture.close())

    it('are one transaction and one call: effects, outbox, fences and all positions', async () => {
      const calls: number[] = []
      fixture.behaviour = (events, chunk) => {
        calls.push(events.length)
        for (const event of events) chunk.publish(changeAfter(event))
      }
      await fixture.append([...fixture.eventsIn(2, 'a1', 'a2'), ...fixture.eventsIn(5, 'b1')])
      const results = await run([await chunkOf(5), await chunkOf(2)])
      expect(results).toMatchObject([
        { kind: 'committed', position: { partition: 5, next: 1, lastCeId: 'b1' } },
        { kind: 'committed', position: { partition: 2, next: 2, lastCeId: 'a2' } },
      ])
      expect(calls).toEqual([3])
      expect((await fixture.effects()).toSorted()).toEqual(['a1', 'a2', 'b1'])
      expect(await fixture.outbox()).toHaveLength(3)
      expect(await positions()).toEqual([
        { partition: 2, next: 2, lastCeId: 'a2' },
        { partition: 3, next: 0, lastCeId: null },
        { partition: 5, next: 1, lastCeId: 'b1' },
      ])
    })

    it('are fenced each by its own writers: the same records again have no effect', async () => {
      const again = fixture.eventsIn(2, 'a1')
      await fixture.append([...again, ...fixture.eventsIn(5, 'b1')])
      const chunks = [await chunkOf(2), await chunkOf(5)]
      await run(chunks)
      expect(await run(chunks)).toMatchObject([{ kind: 'committed' }, { kind: 'committed' }])
      await fixture.append([...again, ...fixture.eventsIn(5, 'b2')])
      await run([await chunkOf(2), await chunkOf(5)])
      expect((await fixture.effects()).toSorted()).toEqual(['a1', 'b1', 'b2'])
      expect(await positions()).toContainEqual({ partition: 2, next: 2, lastCeId: 'a1' })
    })

    it('go on without one that is refused', async () => {
      await fixture.append([...fixture.eventsIn(2, 'a1'), ...fixture.eventsIn(5, 'b1')])
      const old = { ...(await chunkOf(2)), epoch: 0 }
      expect(await run([old, await chunkOf(5)])).toMatchObject([
        { kind: 'refused', why: 'elsewhere', position: { partition: 2, next: 0 } },
        { kind: 'committed', position: { partition: 5, next: 1 } },
      ])
      expect(await fixture.effects()).toEqual(['b1'])
    })

    it('leave nothing when one of their messages is not done: each is to be run alone', async () => {
      fixture.behaviour = (events) =>
        events.map(({ id }) => ({ kind: id === 'a1' ? 'retry' : 'done', reason: 'not yet' }))
      await fixture.append([...fixture.eventsIn(2, 'a1'), ...fixture.eventsIn(5, 'b1')])
      const chunks = [await chunkOf(2), await chunkOf(5)]
      await expect(run(chunks)).rejects.toBeInstanceOf(UndoneError)
      expect(await fixture.effects()).toEqual([])
      for (const chunk of chunks) await run([chunk])
      expect(await fixture.effects()).toEqual(['b1'])
      expect(await fixture.aside('parked')).toEqual(['a1'])
    })

    it('know the parked keys of each', async () => {
      let well = false
      fixture.behaviour = (events) =>
        events.map(({ id }) => (id === 'a1' && !well ? { kind: 'retry', reason: 'not yet' } : { kind: 'done' }))
      await fixture.append(fixture.eventsIn(2, 'a1'))
      await run([await chunkOf(2)])
      well = true
      await fixture.append([...fixture.eventsIn(2, 'a2', 'c1'), ...fixture.eventsIn(5, 'b1')])
      await run([await chunkOf(2), await chunkOf(5)])
      expect((await fixture.effects()).toSorted()).toEqual(['b1', 'c1'])
      expect(await fixture.aside('parked')).toEqual(['a1', 'a2'])
    })
  })
}
