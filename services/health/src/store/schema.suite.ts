import { Blueprints, type StoredBlueprint } from '@banso/blueprints'
import { migrate, openCalendar, TimeZoneFixedError } from '@banso/platform'
import { createMigratedDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { DataSource } from 'typeorm'
import { parse } from 'yaml'
import { starterScorecard } from '../domain/scorecard.ts'
import { dataSourceOptions } from './data-source.ts'
import { CountRatingsByDay1795450000100 } from './migrations/1795450000100-count-ratings-by-day.ts'
import { noteInput, scorecardKind, ScoringBases } from './scoring-bases.ts'
import { useScorecard } from './scorecard-uses.ts'

export const describeSchema = (): void => {
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

    const readBasis = () => new ScoringBases(new Blueprints()).read(source.manager, 20_000)

    it('is seeded with the starter scorecard, and connected to nothing', async () => {
      expect(await readBasis()).toEqual({
        scorecard: starterScorecard,
        connected: { usage: false, tickets: false },
        since: { usage: null, tickets: null },
        frozenOn: [],
      })
    })

    it('has the document of the blueprint file as its newest version: applying it changes nothing', async () => {
      const file = fileURLToPath(
        new URL('../../../../deploy/blueprints/starter/scorecards/starter.yaml', import.meta.url),
      )
      const { kind, name, ...document } = parse(await readFile(file, 'utf8')) as StoredBlueprint
      const stored = await new Blueprints().version(source.manager, scorecardKind, name)

      expect({ kind, name }).toEqual({ kind: 'Scorecard', name: 'starter' })
      expect(document).toEqual({ title: stored?.title, spec: stored?.spec })
      expect(stored?.version).toBe(starterScorecard.version)
    })

    it('takes the scorecard that was applied last, and keeps the earlier ones', async () => {
      await useScorecard(source.manager, { name: 'starter', version: 1 }, new Date())

      const { scorecard } = await readBasis()
      expect(scorecard).toMatchObject({ name: 'starter', version: 1 })
      expect(scorecard.document.measures.map(({ measure }) => measure)).toEqual([
        'frequency',
        'breadth',
        'trend',
        'open-urgent-load',
      ])
    })

    it('keeps the first day on which a kind of input was received', async () => {
      for (const day of [20_010, 20_005, 20_020]) await noteInput(source.manager, await readBasis(), 'usage', day)

      expect(await readBasis()).toMatchObject({ connected: { usage: true, tickets: false }, since: { usage: 20_005 } })
    })

    it('fixes the time zone at the first start', async () => {
      expect((await openCalendar(source, 'Asia/Tokyo')).zone).toBe('Asia/Tokyo')
      expect((await openCalendar(source, 'Asia/Tokyo')).zone).toBe('Asia/Tokyo')
      await expect(openCalendar(source, 'UTC')).rejects.toThrow(TimeZoneFixedError)
      await expect(openCalendar(source, 'UTC')).rejects.toThrow(/set BANSO_TIMEZONE=Asia\/Tokyo/)
    })

    it('gives ratings of before the day of its zone, and takes names out of what is published', async () => {
      const runner = source.createQueryRunner()
      const step = new CountRatingsByDay1795450000100()
      await step.down(runner)
      await source.query(
        `INSERT INTO ticket_rating (account_id, source, ticket_id, rating, rated_at, received_at, event_id)
       VALUES ($1, 'desk', 't1', 'good', '2026-03-01T16:00:00Z', now(), 'e1')`,
        [randomUUID()],
      )
      const override = { score: 10, reason: 'other', owner: 'Mika', until: '2026-04-01T00:00:00.000Z' }
      for (const document of [{ override }, { score: 1 }])
        await source.query(
          `INSERT INTO account_score (account_id, scored_day, scored, standing) VALUES ($1, '2026-03-01', $2, $2)`,
          [randomUUID(), document],
        )
      await step.up(runner)
      await runner.release()

      const { owner: _, ...published } = override
      expect(await source.query(`SELECT rated_on::text FROM ticket_rating`)).toEqual([{ rated_on: '2026-03-02' }])
      expect(
        await source.query(`SELECT scored, standing FROM account_score ORDER BY scored->'override' IS NULL`),
      ).toEqual([{ override: published }, { score: 1 }].map((document) => ({ scored: document, standing: document })))
    })
  })
}
