import { serviceSettings } from '@banso/messaging'
import {
  configOf,
  type Environment,
  MasterKeyText,
  Port,
  PostgresUrl,
  type ServiceConfig,
  ServiceToken,
} from '@banso/platform'
import Type from 'typebox'

const Settings = Type.Refine(
  serviceSettings({
    PLAYBOOKS_DATABASE_URL: PostgresUrl,
    PLAYBOOKS_PORT: Port(4005),
    BANSO_SERVICE_TOKEN_PLAYBOOKS: ServiceToken,
    /** Seals webhook secrets and opens sealed addresses: base64 of 32 bytes. */
    BANSO_MASTER_KEY: MasterKeyText,
    /** Whether webhooks may go to addresses that are not globally routable. */
    BANSO_ALLOW_PRIVATE_TARGETS: Type.Boolean({ default: false }),
    /** From the start of a webhook's request to the end of its answer, in milliseconds. */
    PLAYBOOKS_WEBHOOK_TIMEOUT_MS: Type.Integer({ minimum: 1, maximum: 60_000, default: 15_000 }),
    /** Webhooks under way at once in this process. */
    PLAYBOOKS_WEBHOOKS_AT_ONCE: Type.Integer({ minimum: 1, maximum: 256, default: 32 }),
    /** `smtp://user:password@host:port` (by STARTTLS) or `smtps://…`; not set: actions that mail fail. */
    SMTP_URL: Type.Optional(
      Type.String({
        pattern: '^smtps?://(?:[^:@/\\s]+:[^@/\\s]*@)?[^@/?#\\s]+/?$',
        description: 'smtp://user:password@host:port or smtps://user:password@host:port',
      }),
    ),
    /** Whether a mail goes to a server that offers no STARTTLS, in clear. */
    BANSO_SMTP_PLAIN_TEXT: Type.Boolean({ default: false }),
    /** Address that mails come from. */
    BANSO_MAIL_FROM: Type.Optional(
      Type.String({
        pattern: '^[^\\s@,;:<>()"\\\\]+@[^\\s@,;:<>()"\\\\]+$',
        description: 'one mail address, without a name: success@example.com',
      }),
    ),
    /** Of mails to accounts that name no language, and of what our own people read. */
    BANSO_LANGUAGE: Type.String({ pattern: '^[a-z]{2,3}$', default: 'en' }),
    /** From the connection to the mail server to its last answer, in milliseconds. */
    PLAYBOOKS_MAIL_TIMEOUT_MS: Type.Integer({ minimum: 1, maximum: 300_000, default: 60_000 }),
    /** Mails under way at once in this process. */
    PLAYBOOKS_MAILS_AT_ONCE: Type.Integer({ minimum: 1, maximum: 64, default: 4 }),
  }),
  (settings) => settings.SMTP_URL === undefined || settings.BANSO_MAIL_FROM !== undefined,
  () => 'SMTP_URL needs BANSO_MAIL_FROM beside it',
)
export type PlaybooksConfig = ServiceConfig<typeof Settings>

export const loadConfig = (env: Environment = process.env): PlaybooksConfig => configOf('playbooks', Settings, env)
