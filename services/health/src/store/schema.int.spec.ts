import { migrate } from '@banso/platform'
import { createMigratedDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DataSource } from 'typeorm'
import { starterScorecard } from '../domain/scorecard.ts'
import { dataSourceOptions } from './data-source.ts'
import { openCalendar, TimeZoneFixedError } from './installation.ts'
import { readBasis } from './scoring-basis.ts'

describe('the schema', () => {
  let database: TestDatabase
  let source: DataSource

  beforeAll(async () => {
    database = await createMigratedDatabase('health', (url) => migrate(dataSourceOptions(url)))
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

  it('is seeded with the starter scorecard, and connected to nothing', async () => {
    expect(await readBasis(source.manager)).toEqual({
      scorecard: starterScorecard,
      connected: { usage: false, tickets: false },
    })
  })

  it('takes the newest version of the scorecard', async () => {
    const document = { measures: starterScorecard.document.measures.slice(0, 1) }
    await source.query(`INSERT INTO scorecard (name, version, document) VALUES ('starter', 2, $1)`, [document])

    expect((await readBasis(source.manager)).scorecard).toEqual({ name: 'starter', version: 2, document })
  })

  it('fixes the time zone at the first start', async () => {
    expect((await openCalendar(source, 'Asia/Tokyo')).zone).toBe('Asia/Tokyo')
    expect((await openCalendar(source, 'Asia/Tokyo')).zone).toBe('Asia/Tokyo')
    await expect(openCalendar(source, 'UTC')).rejects.toThrow(TimeZoneFixedError)
    await expect(openCalendar(source, 'UTC')).rejects.toThrow(/set BANSO_TIMEZONE=Asia\/Tokyo/)
  })
})
