// What journeys promise, over either log; later stories count what earlier ones have made.
import { metricFaults, type ServiceUnderTest } from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
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

  it('shows metrics that keep the conventions, and no account in them', async () => {
    expect(metricFaults(await watched.journeys.metrics())).toEqual([])
  })
}
