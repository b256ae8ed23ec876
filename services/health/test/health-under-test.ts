import { topics } from '@banso/contracts'
import { ServiceUnderTest } from '@banso/testing'
import { AppModule } from '../src/app.module.ts'
import { loadConfig } from '../src/config.ts'

const parts = {
  service: 'health',
  publishes: topics.scores.name,
  module: (environment, clock) => AppModule.forConfig(loadConfig(environment), clock),
} satisfies Parameters<typeof ServiceUnderTest.start>[0]

/** `settings` name the log; `now` is what the clock shows, ISO 8601. */
export const startHealth = (settings: Readonly<Record<string, string>>, now: string): Promise<ServiceUnderTest> =>
  ServiceUnderTest.start(parts, settings, now)
