import { createDatabase, eventually, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { Presence } from './presence.ts'

export const describePresence = (): void => {
  describe('presence', () => {
    let database: TestDatabase
    let looking: Presence

    beforeAll(async () => {
      database = await createDatabase()
      looking = new Presence(database.url, 'looking')
    })
    afterAll(async () => {
      await looking?.close()
      await database?.drop()
    })

    it('knows who is gone of those that a session vouched for, and of others nothing', async () => {
      const [dying, living] = [new Presence(database.url, 'dying'), new Presence(database.url, 'living')]
      const [first, second] = [(await dying.session()).newId(), (await dying.session()).newId()]
      const alive = (await living.session()).newId()
      const ids = [first, alive, randomUUID(), second]
      expect(await looking.goneOf(ids)).toEqual([])
      await dying.close()
      await eventually(async () => expect((await looking.goneOf(ids)).toSorted()).toEqual([first, second].toSorted()))
      expect(await looking.goneOf([])).toEqual([])
      await living.close()
    })

    it('vouches again for what it vouched for, after its connection was cut', async () => {
      const cut = new Presence(database.url, 'cut')
      const before = await cut.session()
      const id = before.newId()
      const admin = new pg.Client(database.url)
      await admin.connect()
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut'`)
      await admin.end()
      await eventually(() => expect(before.ended.aborted).toBe(true))
      await eventually(async () => expect(await looking.goneOf([id])).toEqual([id]))
      const after = await eventually(() => cut.session())
      expect([after === before, after.number === before.number]).toEqual([false, true])
      expect(await looking.goneOf([id])).toEqual([])
      expect([cut.present, before.isFree]).toEqual([after, false])
      await cut.close()
      await expect(cut.session()).rejects.toThrow('closed')
    })
  })
}
