import { accountProfiled, eventually, productUsed, type ServiceUnderTest, ticketOpened } from '@banso/testing'
import { expect } from '@jest/globals'

const DAY_MS = 86_400_000
/** The instant of the golden events' day from which these stories count, so many days earlier. */
export const before = (days: number): Date => new Date(Date.parse('2026-01-15T01:00:00.000Z') - days * DAY_MS)

/** 20 days and 5 features: worth 100 by fixed bounds. */
export const thriving = (accountId: string) =>
  Array.from({ length: 20 }, (_, ago) => ago).flatMap((ago) =>
    ['a', 'b', 'c', 'd', 'e'].map((name) =>
      productUsed({ accountId, name, receivedAt: before(0).toISOString() }, { time: before(ago) }),
    ),
  )
export const urgent = (accountId: string, ticketId: string) =>
  ticketOpened({ accountId, ticketId, priority: 'urgent' }, { time: before(0) })

export type HealthWatched = ReturnType<typeof watch>

/** What a story asks of the health that it is told to. */
export const watch = (health: ServiceUnderTest) => {
  const scored = (accountId: string, expected: object): Promise<void> =>
    eventually(async () => {
      expect(await health.get(`/v1/accounts/${accountId}/score`)).toMatchObject({ status: 200, body: expected })
    })
  /** Timers go by the clock, which stands still unless it is moved. */
  const scoredByTimer = (accountId: string, day: string): Promise<void> =>
    eventually(
      async () => {
        health.clock.advance(3_000)
        expect(await health.get(`/v1/accounts/${accountId}/score`)).toMatchObject({ body: { day } })
      },
      { timeoutMs: 20_000, everyMs: 250 },
    )
  const refusal = async (path: string, token?: string | null) => {
    const { status, body } = await health.get(`/v1/accounts/${path}`, token)
    return [status, (body as { code: string }).code]
  }
  /** Who pays for one seat, and has one user, has all of them active. */
  const hasSeats = (accountId: string) => health.say(accountProfiled({ accountId, traits: { seats: 1 } }))
  return { health, scored, scoredByTimer, refusal, hasSeats }
}
