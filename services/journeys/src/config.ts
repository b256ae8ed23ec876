import { messagingSettings } from '@banso/messaging'
import {
  type Environment,
  parseServiceConfig,
  platformSettings,
  Port,
  PostgresUrl,
  ServiceToken,
  type SettingsWarnings,
} from '@banso/platform'
import Type from 'typebox'

const Settings = Type.Object({
  ...platformSettings,
  ...messagingSettings,
  JOURNEYS_DATABASE_URL: PostgresUrl,
  JOURNEYS_PORT: Port(4004),
  BANSO_SERVICE_TOKEN_JOURNEYS: ServiceToken,
})
export type JourneysConfig = Type.Static<typeof Settings> & SettingsWarnings

export const loadConfig = (env: Environment = process.env): JourneysConfig =>
  parseServiceConfig('journeys', Settings, env)
