import { messagingSettings } from '@banso/messaging'
import { type Environment, parseConfig, platformSettings, Port, PostgresUrl, ServiceToken } from '@banso/platform'
import Type from 'typebox'

const Settings = Type.Object({
  ...platformSettings,
  ...messagingSettings,
  JOURNEYS_DATABASE_URL: PostgresUrl,
  JOURNEYS_PORT: Port(4004),
  BANSO_SERVICE_TOKEN_JOURNEYS: ServiceToken,
})
export type JourneysConfig = Type.Static<typeof Settings>

export const loadConfig = (env: Environment = process.env): JourneysConfig => parseConfig(Settings, env)
