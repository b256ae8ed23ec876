import { topics } from '@banso/contracts'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { PARTITION, RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import type { EventLog } from '../../log/event-log.ts'
import { resumeGroup } from '../../operations/resume-group.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import { GroupPositions } from './group-positions.ts'

const at = { topic: topics.usageEvents.name, partition: PARTITION }

let fixture: RunnerFixture

/** The log, but its answers to one question wait until they are let go. */
const slow = (question: 'id' | 'positions') => {
  const asked = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const held = async <T>(answer: () => Promise<T>): Promise<T> => {
    asked.resolve()
    await gate.promise
    return answer()
  }
  const { log } = fixture
  const id = () => (question === 'id' ? held(() => log.id()) : log.id())
  const positions = (topic: string) =>
    question === 'positions' ? held(() => log.positions(topic)) : log.positions(topic)
  return { log: { id, positions }, asked: asked.promise, letGo: gate.resolve }
}
const positionsOn = (log: Pick<EventLog, 'id' | 'positions'>) => new GroupPositions({ ...fixture.context(), log })
const group = () => consumerGroups.find(fixture.dataSource.manager, 'health')
const setNext = (next: number) => fixture.dataSource.query('UPDATE consumer_progress SET next_offset = $1', [next])
const stopAndResume = async () => {
  await consumerGroups.stop(fixture.dataSource.manager, 'health', 'a test', 1)
  expect(await resumeGroup(fixture.dataSource, fixture.log, 'health', 'end')).toBe(true)
}

export const describeGroupPositions = (): void => {
  describe('where a group starts', () => {
    beforeEach(async () => {
      fixture = await RunnerFixture.open()
      await fixture.position()
    })
    afterEach(() => fixture.close())

    it('is at its position although the partition grew since its end was last looked at', async () => {
      const positions = positionsOn(fixture.log)
      expect((await positions.start(at))?.from).toBe(0)
      await fixture.append(fixture.events('a1', 'a2'))
      await setNext(2)
      expect((await positions.start(at))?.from).toBe(2)
      expect((await group())?.state).toBe('running')
    })

    it('is not judged by a position that is of before a resume', async () => {
      await setNext(9)
      const { log, asked, letGo } = slow('positions')
      const start = positionsOn(log).start(at)
      await asked
      await stopAndResume()
      letGo()
      expect(await start).toBeUndefined()
      expect(await group()).toMatchObject({ state: 'running', epoch: 2 })
    })

    it('is on the log as the group was resumed on it, however late that is looked at', async () => {
      const { log, asked, letGo } = slow('id')
      const start = positionsOn(log).start(at)
      await asked
      await stopAndResume()
      letGo()
      expect((await start)?.from).toBe(0)
      expect((await group())?.state).toBe('running')
    })

    it('is nowhere on another log: the group is stopped before any partition is assigned', async () => {
      const known = positionsOn(fixture.log)
      expect((await known.start(at))?.from).toBe(0)
      await known.checkLog()
      expect((await group())?.state).toBe('running')
      const { log } = fixture
      const another = { id: async () => 'another', positions: (topic: string) => log.positions(topic) }
      await positionsOn(another).checkLog()
      expect(await group()).toMatchObject({ state: 'stopped', reason: expect.stringContaining('now another)') })
    })

    it('is not judged at the start by what a resume has changed meanwhile', async () => {
      const { log, asked, letGo } = slow('id')
      const checked = positionsOn(log).checkLog()
      await asked
      await stopAndResume()
      letGo()
      await checked
      expect((await group())?.state).toBe('running')
    })

    it('stops the group when the position is beyond the end', async () => {
      await setNext(9)
      expect(await positionsOn(fixture.log).start(at)).toBeUndefined()
      expect(await group()).toMatchObject({
        state: 'stopped',
        reason: expect.stringContaining("beyond the log's end 0"),
      })
    })
  })
}
