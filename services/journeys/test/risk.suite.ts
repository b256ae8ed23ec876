import type { EventData } from '@banso/contracts'
import { accountScored, productUsed } from '@banso/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Moving } from './moving.suite.ts'

const NOW = '2026-03-10T10:00:00.000Z'

export const describeRisk = (): void => {
  describe('risk', () => {
    let moving: Moving
    let accountId: string

    beforeAll(async () => {
      moving = await Moving.open()
    })
    afterAll(() => moving?.close())
    beforeEach(() => {
      accountId = randomUUID()
    })

    const scored = (...bands: readonly ('red' | 'amber')[]) =>
      moving.scores(
        bands.map((band) => accountScored({ accountId, band })),
        NOW,
      )
    const useIt = () => moving.usage([productUsed({ accountId, receivedAt: NOW }, { time: NOW })], NOW)
    const firsts = () =>
      moving
        .told(accountId)
        .filter(({ type }) => type === 'journeys.flag-raised.v1')
        .map(({ data }) => (data as EventData<'journeys.flag-raised.v1'>).first ?? false)

    it('that was there from the first score on is told as first', async () => {
      await useIt()
      await scored('red')
      await scored('red')
      expect(firsts()).toEqual([true])
    })

    it('that came later is not, though both scores come in one chunk', async () => {
      await useIt()
      await scored('amber', 'red')
      expect(firsts()).toEqual([false])
    })

    it('that came later is not, though the journey begins only then', async () => {
      await scored('amber')
      await scored('red')
      await useIt()
      expect(firsts()).toEqual([false])
    })
  })
}
