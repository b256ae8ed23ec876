import { serviceSettings } from '@banso/messaging'
import { configOf, type Environment, Port, PostgresUrl, type ServiceConfig, ServiceToken } from '@banso/platform'

const Settings = serviceSettings({
  JOURNEYS_DATABASE_URL: PostgresUrl,
  JOURNEYS_PORT: Port(4004),
  BANSO_SERVICE_TOKEN_JOURNEYS: ServiceToken,
})
export type JourneysConfig = ServiceConfig<typeof Settings>

export const loadConfig = (env: Environment = process.env): JourneysConfig => configOf('journeys', Settings, env)
