import { topics } from '@banso/contracts'
import { ServiceUnderTest } from '@banso/testing'
import { AppModule } from '../src/app.module.ts'
import { loadConfig } from '../src/config.ts'

const parts = {
  service: 'accounts',
  publishes: topics.profiles.name,
  module: (environment) => AppModule.forConfig(loadConfig(environment)),
} satisfies Parameters<typeof ServiceUnderTest.start>[0]

/** `settings` name the log. */
export const startAccounts = (settings: Readonly<Record<string, string>>): Promise<ServiceUnderTest> =>
  ServiceUnderTest.start(parts, settings)
