import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Registry } from 'prom-client'
import { PARTITION, RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import { measureAside } from './aside-metrics.ts'
import { DeadLetters, REPLAYS_PER_MINUTE } from './dead-letters.ts'
import { ParkedList } from './parked-list.ts'
import { releaseKey } from './release-key.ts'

const TOPIC = 'ingestion.usage-events.v1'
const KEY = { topic: TOPIC, partition: PARTITION, key: 'a' }

let fixture: RunnerFixture

const consume = (...ids: string[]) => fixture.consume(...ids)
const release = () => releaseKey(fixture.context(), fixture.handler(), KEY)
const due = () => new ParkedList('health').due(fixture.dataSource.manager, fixture.clock.now(), [KEY], 10)
const letters = () => new DeadLetters(fixture.dataSource)

const die = (...ids: string[]): void => {
  fixture.behaviour = (events) =>
    events.map(({ id }) => (ids.includes(id) ? { kind: 'dead', reason: 'closed' } : { kind: 'done' }))
}

const lines = (dead: number, stopped: number) => [
  `banso_group_stopped{group="health"} ${stopped}`,
  'banso_group_stopped{group="other"} 0',
  `banso_messages_aside{group="health",state="dead"} ${dead}`,
  'banso_messages_aside{group="health",state="parked"} 1',
  'banso_messages_aside{group="other",state="dead"} 0',
  'banso_messages_aside{group="other",state="parked"} 0',
]

export const describeDeadLetters = (): void => {
  describe('dead letters', () => {
    beforeEach(async () => {
      fixture = await RunnerFixture.open()
    })
    afterEach(() => fixture.close())

    describe('a dead letter', () => {
      it('is listed oldest first, without its value', async () => {
        die('a1', 'b1')
        await consume('a1', 'b1')
        const [first, second] = await letters().list(undefined, 10)
        expect([first?.eventId, second?.eventId]).toEqual(['a1', 'b1'])
        expect(first).toMatchObject({ key: 'a', topic: TOPIC, offset: '0', reason: 'closed', serviceVersion: '9.9.9' })
        expect(first).not.toHaveProperty('value')
        expect((await letters().list(first?.id, 10)).map(({ eventId }) => eventId)).toEqual(['b1'])
      })

      it('is replayed behind what is parked for its key, once, and noted', async () => {
        die('a1')
        await consume('a1')
        fixture.behaviour = (events) => events.map(() => ({ kind: 'retry', reason: 'later' }))
        await consume('a2', 'a3')
        fixture.behaviour = () => undefined
        const [letter] = await letters().list(undefined, 10)
        const ids = [letter?.id ?? '']
        expect(await letters().replay({ ids }, fixture.clock.now())).toEqual({ counted: 1, replayed: 1 })
        expect(await letters().replay({ ids }, fixture.clock.now())).toEqual({ counted: 0, replayed: 0 })
        expect(await fixture.aside('parked')).toEqual(['a2', 'a3', 'a1'])
        await release()
        expect(await fixture.effects()).toEqual(['a2', 'a3', 'a1'])
        expect(await fixture.dataSource.query('SELECT record_offset, reason FROM dead_replay')).toEqual([
          { record_offset: '0', reason: 'closed' },
        ])
      })

      it('is replayed at once where nothing is parked', async () => {
        die('a1', 'a2', 'b1')
        await consume('a1', 'a2', 'b1')
        fixture.behaviour = () => undefined
        expect(await letters().replay({ all: true, max: 2 }, fixture.clock.now())).toEqual({ counted: 2, replayed: 2 })
        expect(await due()).toEqual([KEY])
        await release()
        expect(await fixture.effects()).toEqual(['a1', 'a2'])
        expect(await fixture.aside('dead')).toEqual(['b1'])
      })

      it('is not replayed when that would be more than a minute allows', async () => {
        die('a1')
        await consume('a1')
        await fixture.dataSource.query(
          `INSERT INTO dead_replay (group_name, topic, partition, record_offset, reason, attempts, replayed_at)
       SELECT 'health', $1, 0, n, '', 1, $2 FROM generate_series(1, ${REPLAYS_PER_MINUTE}) AS n`,
          [TOPIC, fixture.clock.now()],
        )
        await expect(letters().replay({ all: true }, fixture.clock.now())).rejects.toMatchObject({
          code: 'REPLAY_TOO_MANY',
        })
        expect(await fixture.aside('dead')).toEqual(['a1'])
        fixture.clock.advance(60_001)
        expect(await letters().replay({ all: true }, fixture.clock.now())).toMatchObject({ replayed: 1 })
      })
    })

    describe('the gauges of what is aside', () => {
      it('show for every group what is parked, dead and stopped now, and keep it while the database is away', async () => {
        const registry = new Registry()
        measureAside(registry, fixture.dataSource)
        await fixture.position('other')
        die('a1', 'b1')
        await consume('a1', 'b1', 'c1')
        fixture.behaviour = (events) => events.map(() => ({ kind: 'retry', reason: 'later' }))
        await consume('c2')
        const shown = async () =>
          (await registry.metrics())
            .split('\n')
            .filter((line) => line.startsWith('banso_'))
            .toSorted()
        expect(await shown()).toEqual(lines(2, 0))

        await fixture.dataSource.query(`DELETE FROM parked_message WHERE state = 'dead'`)
        await fixture.dataSource.query(`UPDATE consumer_group SET state = 'stopped' WHERE name = 'health'`)
        expect(await shown()).toEqual(lines(0, 1))
        const away = jest.spyOn(fixture.dataSource, 'query').mockRejectedValue(new Error('connect'))
        expect(await shown()).toEqual(lines(0, 1))
        away.mockRestore()
      })
    })
  })
}
