import { eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import { mustNotRebuild } from './must-not-rebuild.ts'

let fixture: RunnerFixture

const begin = () => fixture.startRebuild({ clear: async () => undefined, republish: async () => null })
const state = async () => (await consumerGroups.find(fixture.dataSource.manager, 'health'))?.state

export const describeMustNotRebuild = (): void => {
  describe('a rebuild', () => {
    beforeEach(async () => {
      fixture = await RunnerFixture.open()
      await consumerGroups.open(fixture.dataSource.manager, 'health')
    })
    afterEach(() => fixture.close())

    it('waits for commands that decide by derived state, and then has them refused', async () => {
      const { dataSource } = fixture
      const waiting = async (): Promise<number> => {
        const [row] = await dataSource.query<{ waiting: number }[]>(
          `SELECT count(*)::int AS waiting FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        return row?.waiting ?? 0
      }
      const begun = await dataSource.transaction(async (tx) => {
        await mustNotRebuild(tx, 'health')
        const beginning = begin()
        await eventually(async () => expect(await waiting()).toBe(1))
        expect(await state()).toBe('running')
        return { beginning }
      })
      await begun.beginning
      expect(await state()).toBe('rebuilding')
      await expect(dataSource.transaction((tx) => mustNotRebuild(tx, 'health'))).rejects.toMatchObject({
        code: 'REBUILDING',
        status: 503,
        retryAfterSeconds: 30,
      })
    })
  })
}
