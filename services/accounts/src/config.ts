import { serviceSettings } from '@banso/messaging'
import { configOf, type Environment, Port, PostgresUrl, type ServiceConfig, ServiceToken } from '@banso/platform'

const Settings = serviceSettings({
  ACCOUNTS_DATABASE_URL: PostgresUrl,
  ACCOUNTS_PORT: Port(4002),
  BANSO_SERVICE_TOKEN_ACCOUNTS: ServiceToken,
})
export type AccountsConfig = ServiceConfig<typeof Settings>

export const loadConfig = (env: Environment = process.env): AccountsConfig => configOf('accounts', Settings, env)
