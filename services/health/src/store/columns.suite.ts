import { createDatabase, type TestDatabase } from '@banso/testing'
import { storable } from '@banso/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DataSource } from 'typeorm'
import { plain, texts, times } from './columns.ts'

export const describeColumns = (): void => {
  describe('columns of a statement', () => {
    let database: TestDatabase
    let source: DataSource

    beforeAll(async () => {
      database = await createDatabase()
      source = await new DataSource({ type: 'postgres', url: database.url }).initialize()
    })
    afterAll(async () => {
      await source?.destroy()
      await database?.drop()
    })

    const back = async (type: string, column: string): Promise<unknown> => {
      const [row] = await source.query<{ column: unknown }[]>(`SELECT to_json($1::${type}[]) AS column`, [column])
      return row?.column
    }

    it('are read as the texts that were given, whatever is in them', async () => {
      const nasty = ['', ' ', 'NULL', 'null', '{a,b}', 'a"b', 'a\\b', "it's", 'あ', 'a\nb', '\t', ',', null]
      expect(await back('text', texts(nasty))).toEqual(nasty)
      const someText = fc.option(fc.string({ unit: 'binary' }).map(storable), { nil: null })
      await fc.assert(
        fc.asyncProperty(fc.array(someText), async (values) => {
          expect(await back('text', texts(values))).toEqual(values)
        }),
        { numRuns: 50 },
      )
    })

    it('are read as the numbers, flags and instants that were given', async () => {
      expect(await back('int', plain([1, -2, null]))).toEqual([1, -2, null])
      expect(await back('float8', plain([0.1, 1e-7, 1e21, null]))).toEqual([0.1, 1e-7, 1e21, null])
      expect(await back('bool', plain([true, false, null]))).toEqual([true, false, null])
      const at = new Date('2026-03-01T10:00:00.123Z')
      expect(await back('timestamptz', times([at, null]))).toEqual([expect.stringMatching(/^2026-03-01T.*\.123/), null])
    })
  })
}
