import { messagingSettings } from '@banso/messaging'
import { type Environment, parseConfig, platformSettings, Port, PostgresUrl, ServiceToken } from '@banso/platform'
import Type from 'typebox'

const Settings = Type.Object({
  ...platformSettings,
  ...messagingSettings,
  ACCOUNTS_DATABASE_URL: PostgresUrl,
  ACCOUNTS_PORT: Port(4002),
  BANSO_SERVICE_TOKEN_ACCOUNTS: ServiceToken,
})
export type AccountsConfig = Type.Static<typeof Settings>

export const loadConfig = (env: Environment = process.env): AccountsConfig => parseConfig(Settings, env)
