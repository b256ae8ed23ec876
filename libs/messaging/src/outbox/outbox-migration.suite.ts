import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ServiceFixture } from '../../test/service-fixture.suite.ts'
import { timerMigrations } from '../timers/timer-migration.ts'
import { outboxMigrations } from './outbox-migration.ts'

let fixture: ServiceFixture

export const describeOutboxMigration = (): void => {
  describe('the migrations of outbox and timers', () => {
    beforeAll(async () => {
      fixture = await ServiceFixture.open()
    })
    afterAll(() => fixture.close())

    it('make what the entities say', async () => {
      const { dataSource } = await fixture.process()
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log()
      expect(upQueries.map(({ query }) => query)).toEqual([])
    })

    it('can be undone', async () => {
      const { dataSource } = await fixture.process()
      for (const _ of [...outboxMigrations, ...timerMigrations]) await dataSource.undoLastMigration()
      const tables = await dataSource.query<{ name: string }[]>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
      )
      expect(tables.map(({ name }) => name)).toEqual(['account', 'migrations'])
    })
  })
}
