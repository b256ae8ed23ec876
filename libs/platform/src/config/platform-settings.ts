import Type, { type Static } from 'typebox'
import { SHUTDOWN_LIMIT_MS } from '../shutdown/ordered-shutdown.ts'
import { tracingSettings } from '../tracing/tracing-settings.ts'

/** A TCP port; 0 takes any free one. */
export const Port = (standard: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: standard })

/** `postgres://user:password@host:port/database` */
export const PostgresUrl = Type.String({
  pattern: '^postgres(ql)?://.+',
  description: 'postgres://user:password@host:port/database',
})

/** The bearer token of a service's own API: at least 16 characters. */
export const ServiceToken = Type.String({ minLength: 16 })

/** `BANSO_MASTER_KEY`: base64 of 32 bytes. */
export const MasterKeyText = Type.String({
  pattern: '^[A-Za-z0-9+/]{43}=$',
  description: 'base64 of 32 bytes, as `openssl rand -base64 32` makes it',
})

/** `host:port`, separated by commas, as one text. */
export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** What every service reads; spread into its schema. */
export const platformSettings = {
  ...tracingSettings,
  BANSO_LOG_LEVEL: Type.Union(
    [
      Type.Literal('trace'),
      Type.Literal('debug'),
      Type.Literal('info'),
      Type.Literal('warn'),
      Type.Literal('error'),
      Type.Literal('silent'),
    ],
    { default: 'info' },
  ),
  /** From the signal to the cut, in milliseconds: less than whoever kills what does not stop waits for. */
  BANSO_STOP_LIMIT_MS: Type.Integer({ minimum: 1_000, maximum: SHUTDOWN_LIMIT_MS, default: SHUTDOWN_LIMIT_MS }),
  /** Where the service's own API listens. */
  BANSO_API_BIND: Type.String({ minLength: 1, default: '127.0.0.1' }),
  /** `development` allows webhooks to plain http; the launcher of this machine sets it. */
  BANSO_ENV: Type.Union([Type.Literal('development'), Type.Literal('production')], { default: 'production' }),
  /** IANA name of the zone whose days are counted: `Asia/Tokyo`. */
  BANSO_TIMEZONE: Type.Refine(
    Type.String({ default: 'UTC' }),
    (zone) => isTimeZone(zone),
    () => 'must be the IANA name of a time zone, as Asia/Tokyo',
  ),
}

const PlatformSettings = Type.Object(platformSettings)
export type PlatformSettings = Static<typeof PlatformSettings>

const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
