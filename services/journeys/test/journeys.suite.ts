import type { ServiceUnderTest } from '@banso/testing'
// What journeys promise, over either log; later stories count what earlier ones have made.
import { afterAll, beforeAll } from '@jest/globals'
import { type JourneysWatched, watch } from './journeys-watched.ts'
import { describeMovingOn } from './moving-on.suite.ts'
import { describePassingTime } from './passing-time.suite.ts'
import { describePeople } from './people.suite.ts'

/** The clock of the service when it starts: half an hour after the golden events. */
export const START = '2026-01-15T02:10:00.000Z'

export const describeJourneys = (start: () => Promise<ServiceUnderTest>): void => {
  let watched: JourneysWatched

  beforeAll(async () => {
    watched = watch(await start())
  }, 90_000)
  afterAll(() => watched?.journeys.stop())

  describeMovingOn(() => watched)
  describePeople(() => watched)
  describePassingTime(() => watched)
}
