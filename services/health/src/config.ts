import { serviceSettings } from '@banso/messaging'
import { configOf, type Environment, Port, PostgresUrl, type ServiceConfig, ServiceToken } from '@banso/platform'

const Settings = serviceSettings({
  HEALTH_DATABASE_URL: PostgresUrl,
  HEALTH_PORT: Port(4003),
  BANSO_SERVICE_TOKEN_HEALTH: ServiceToken,
})
export type HealthConfig = ServiceConfig<typeof Settings>

export const loadConfig = (env: Environment = process.env): HealthConfig => configOf('health', Settings, env)
