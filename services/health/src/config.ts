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
  HEALTH_DATABASE_URL: PostgresUrl,
  HEALTH_PORT: Port(4003),
  BANSO_SERVICE_TOKEN_HEALTH: ServiceToken,
})
export type HealthConfig = Type.Static<typeof Settings> & SettingsWarnings

export const loadConfig = (env: Environment = process.env): HealthConfig => parseServiceConfig('health', Settings, env)
