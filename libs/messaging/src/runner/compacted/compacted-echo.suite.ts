import { topics } from '@banso/contracts'
import { accountScored, eventually, recordOf } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { PARTITION, RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'
import { CompactedEcho } from './compacted-echo.ts'

let fixture: RunnerFixture
let echo: CompactedEcho
const asked: string[][] = []

const score = (key: string, sequence: number, generation = 1) => ({
  ...recordOf(accountScored({}, { key }), { writer: `outbox/health/${generation}`, sequence }),
  partition: PARTITION,
})
const position = async (): Promise<number> =>
  (await new ConsumerProgress('health-echo').all(fixture.dataSource.manager)).find(
    ({ partition }) => partition === PARTITION,
  )?.next ?? 0

export const describeCompactedEcho = (): void => {
  describe('the echo of a compacted topic', () => {
    beforeEach(async () => {
      fixture = await RunnerFixture.open()
      asked.length = 0
      echo = new CompactedEcho(
        fixture.context({ group: 'health-echo' }),
        {
          topic: topics.scores,
          present: async (work, keys) => {
            asked.push([...keys])
            for (const key of keys) work.publish(accountScored({}, { key }))
          },
        },
        (fault) => {
          throw new Error('crashed', { cause: fault })
        },
      )
    })
    afterEach(async () => {
      await echo.stop()
      await fixture.close()
    })

    it('publishes the present state of a key that ended with something older', async () => {
      await fixture.append([score('a', 5), score('b', 6), score('a', 7), score('a', 5), score('c', 8)])
      await echo.start()
      await eventually(async () => expect(await fixture.outbox()).toHaveLength(1))
      expect(asked).toEqual([['a']])
    })

    it('remembers over a restart what it has read', async () => {
      await fixture.append([score('a', 5), score('a', 7)])
      await echo.start()
      await eventually(async () => expect(await position()).toBe(2))
      await fixture.append([score('a', 6)])
      await eventually(async () => expect(await fixture.outbox()).toHaveLength(1))
    })

    it('takes a repeat of the newest, and a newer generation, as they are', async () => {
      await fixture.append([score('a', 5), score('a', 5), score('b', 9), score('b', 2, 2)])
      await echo.start()
      await eventually(async () => expect(await position()).toBe(4))
      expect(asked).toEqual([])
      expect(await fixture.outbox()).toEqual([])
    })

    it('rests while the service is rebuilt: its present state is not complete', async () => {
      await consumerGroups.open(fixture.dataSource.manager, 'health')
      await fixture.dataSource.query(`UPDATE consumer_group SET state = 'rebuilding' WHERE name = 'health'`)
      await fixture.append([score('a', 5), score('a', 4)])
      await echo.start()
      await expect(
        eventually(async () => expect(await position()).toBeGreaterThan(0), { timeoutMs: 1_500 }),
      ).rejects.toThrow(/0/)
      await fixture.dataSource.query(`UPDATE consumer_group SET state = 'running' WHERE name = 'health'`)
      await eventually(async () => expect(await fixture.outbox()).toHaveLength(1))
    })
  })
}
