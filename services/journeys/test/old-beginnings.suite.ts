// Accounts that began long before anything of them was seen.
import { Blueprints } from '@banso/blueprints'
import type { EventData } from '@banso/contracts'
import { accountProfiled } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { ago, NOW, used } from './long-use.ts'
import { Moving } from './moving.suite.ts'

export const describeOldBeginnings = (): void => {
  describe('an account that began long ago', () => {
    let moving: Moving

    beforeAll(async () => {
      moving = await Moving.open()
    })
    afterAll(() => moving?.close())

    it('tells what it finds on the first day of an account that was only observed as old as that is', async () => {
      const accountId = randomUUID()
      const firstObservedAt = ago(200).toISOString()
      await moving.profiles([accountProfiled({ accountId, firstObservedAt, lastObservedAt: NOW })], NOW)
      expect(moving.told(accountId).map(({ type }) => type)).toEqual(['journeys.stage-entered.v1'])
      await moving.day([accountId], NOW)
      const told = moving.told(accountId)
      expect(told.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['journeys.pace-changed.v1', 'journeys.flag-raised.v1']),
      )
      for (const { data } of told) {
        expect((data as EventData<'journeys.flag-raised.v1'>).cause).toBe('events')
        expect((data as EventData<'journeys.flag-raised.v1'>).newestEvent?.time).toBe(firstObservedAt)
      }

      const before = told.length
      await moving.day([accountId], '2026-03-11T10:00:00.000Z')
      expect(moving.told(accountId)).toHaveLength(before)
    })

    it('tells what follows from history as history, though the chunk holds new events as well', async () => {
      const accountId = randomUUID()
      const people = [randomUUID(), randomUUID()]
      const old = ['a', 'b', 'c'].map((name, index) => used(accountId, name, 300 - index, people[index % 2]))
      await moving.usage([used(accountId, 'd', 0), ...old], NOW)
      const told = moving.told(accountId) as { type: string; data: EventData<'journeys.stage-entered.v1'> }[]
      const whenOf = (type: string) =>
        told.filter((one) => one.type === type).map(({ data }) => [data.cause, data.newestEvent?.time])
      const long = ['events', ago(298).toISOString()]
      expect(whenOf('journeys.stage-entered.v1')).toEqual([long, long])
      expect(whenOf('journeys.flag-raised.v1')).toEqual([long])
      expect(whenOf('journeys.flag-cleared.v1')).toEqual([['events', NOW]])
    })

    it('tells of an account that was observed long ago what its first use finds as old as that', async () => {
      const accountId = randomUUID()
      const firstObservedAt = ago(200).toISOString()
      await moving.profiles([accountProfiled({ accountId, firstObservedAt, lastObservedAt: NOW })], NOW)
      await moving.usage([used(accountId, 'a', 0)], NOW)
      const told = moving.told(accountId) as { type: string; data: EventData<'journeys.flag-raised.v1'> }[]
      const raised = told.filter(({ type }) => type === 'journeys.flag-raised.v1').map(({ data }) => data)
      expect(raised.map(({ flag }) => flag)).toEqual(['stalled', 'dormant'])
      for (const { cause, newestEvent } of raised)
        expect([cause, newestEvent?.time]).toEqual(['events', firstObservedAt])
    })

    it('tells what an older beginning means as old as that', async () => {
      const accountId = randomUUID()
      const firstObservedAt = ago(200).toISOString()
      await moving.usage([used(accountId, 'a', 0)], NOW)
      moving.published = []
      await moving.profiles([accountProfiled({ accountId, firstObservedAt, lastObservedAt: NOW })], NOW)
      const told = moving.told(accountId) as { type: string; data: EventData<'journeys.flag-raised.v1'> }[]
      expect(told.map(({ data }) => data.flag)).toContain('stalled')
      for (const { data } of told) expect([data.cause, data.newestEvent?.time]).toEqual(['events', firstObservedAt])
    })
  })

  describe('conditions of a journey', () => {
    let moving: Moving

    beforeAll(async () => {
      moving = await Moving.open()
      const title = { en: 'x', ja: 'x' }
      const next = { condition: 'today < "2026-01-01"' }
      const spec = {
        dormantAfter: 'P28D',
        stages: [
          { name: 'before', title, next },
          { name: 'after', title },
        ],
      }
      const blueprints = new Blueprints()
      await moving.source.transaction(async (tx) => {
        await blueprints.lock(tx, 'Journey', 'own')
        await blueprints.add(tx, { kind: 'Journey', name: 'own', spec }, new Date('2100-01-01'))
      })
    })
    afterAll(() => moving?.close())

    it('are not asked on the day of a beginning that is long ago', async () => {
      const accountId = randomUUID()
      await moving.profiles([accountProfiled({ accountId, firstObservedAt: ago(200).toISOString() })], NOW)
      await moving.day([accountId], NOW)
      expect((await moving.account(accountId)).state).toMatchObject({ entries: [{ stage: 'before' }] })

      const asked = randomUUID()
      const then = ago(100).toISOString()
      await moving.usage([used(asked, 'a', 100, asked, then)], then)
      expect((await moving.account(asked)).state).toMatchObject({ entries: [{ stage: 'before' }, { stage: 'after' }] })
    })
  })
}
