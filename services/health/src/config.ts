import { messagingSettings } from '@banso/messaging'
import { type Environment, parseConfig, platformSettings, Port, PostgresUrl, ServiceToken } from '@banso/platform'
import Type from 'typebox'

const Settings = Type.Object({
  ...platformSettings,
  ...messagingSettings,
  HEALTH_DATABASE_URL: PostgresUrl,
  HEALTH_PORT: Port(4003),
  BANSO_SERVICE_TOKEN_HEALTH: ServiceToken,
})
export type HealthConfig = Type.Static<typeof Settings>

export const loadConfig = (env: Environment = process.env): HealthConfig => parseConfig(Settings, env)
