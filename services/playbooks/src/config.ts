import { messagingSettings } from '@banso/messaging'
import { type Environment, parseConfig, platformSettings, Port, PostgresUrl, ServiceToken } from '@banso/platform'
import Type from 'typebox'

const Settings = Type.Object({
  ...platformSettings,
  ...messagingSettings,
  PLAYBOOKS_DATABASE_URL: PostgresUrl,
  PLAYBOOKS_PORT: Port(4005),
  BANSO_SERVICE_TOKEN_PLAYBOOKS: ServiceToken,
  /** Seals webhook secrets: base64 of 32 bytes. */
  BANSO_MASTER_KEY: Type.String({ pattern: '^[A-Za-z0-9+/]{43}=$' }),
  /** Whether webhooks may go to addresses that are not globally routable. */
  BANSO_ALLOW_PRIVATE_TARGETS: Type.Boolean({ default: false }),
  /** From the start of a webhook's request to the end of its answer, in milliseconds. */
  PLAYBOOKS_WEBHOOK_TIMEOUT_MS: Type.Integer({ minimum: 1, maximum: 60_000, default: 15_000 }),
  /** Webhooks under way at once in this process. */
  PLAYBOOKS_WEBHOOKS_AT_ONCE: Type.Integer({ minimum: 1, maximum: 256, default: 32 }),
})
export type PlaybooksConfig = Type.Static<typeof Settings>

export const loadConfig = (env: Environment = process.env): PlaybooksConfig => parseConfig(Settings, env)
