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
  ACCOUNTS_DATABASE_URL: PostgresUrl,
  ACCOUNTS_PORT: Port(4002),
  BANSO_SERVICE_TOKEN_ACCOUNTS: ServiceToken,
})
export type AccountsConfig = Type.Static<typeof Settings> & SettingsWarnings

export const loadConfig = (env: Environment = process.env): AccountsConfig =>
  parseServiceConfig('accounts', Settings, env)
