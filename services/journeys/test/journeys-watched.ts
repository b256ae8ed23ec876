import type { EventData, EventType } from '@banso/contracts'
import { eventually, type ServiceUnderTest } from '@banso/testing'
import { expect } from '@jest/globals'

export type JourneysWatched = ReturnType<typeof watch>

/** What a story asks of the journeys that it is told to. */
export const watch = (journeys: ServiceUnderTest) => {
  const journeyOf = (accountId: string) => journeys.get(`/v1/accounts/${accountId}/journey`)
  const stands = (accountId: string, expected: object): Promise<void> =>
    eventually(async () => {
      expect(await journeyOf(accountId)).toMatchObject({ status: 200, body: expected })
    })
  /** Timers go by the clock, which stands still unless it is moved. */
  const standsByTimer = (accountId: string, expected: object): Promise<void> =>
    eventually(
      async () => {
        journeys.clock.advance(3_000)
        expect(await journeyOf(accountId)).toMatchObject({ body: expected })
      },
      { timeoutMs: 20_000, everyMs: 250 },
    )
  const told = async <T extends EventType>(accountId: string, type: T): Promise<EventData<T>[]> =>
    (await journeys.published(accountId)).flatMap((event) => (event.type === type ? [event.data as EventData<T>] : []))
  return { journeys, journeyOf, stands, standsByTimer, told }
}
