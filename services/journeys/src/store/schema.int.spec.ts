import { migrate } from '@banso/platform'
import { createMigratedDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DataSource } from 'typeorm'
import { dataSourceOptions } from './data-source.ts'

describe('the schema', () => {
  let database: TestDatabase
  let source: DataSource

  beforeAll(async () => {
    database = await createMigratedDatabase('journeys', (url) => migrate(dataSourceOptions(url)))
    source = await new DataSource(dataSourceOptions(database.url)).initialize()
  })
  afterAll(async () => {
    await source?.destroy()
    await database?.drop()
  })

  it('is what the entities say', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log()

    expect(upQueries.map(({ query }) => query)).toEqual([])
  })
})
