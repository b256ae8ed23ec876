// What `banso doctor` says is wrong. A place is `this machine`, a service's name, `capture` or `the log`.

export const MACHINE = 'this machine'
export const LOG = 'the log'

export type FindingCode =
  | 'ADDRESS_WRONG'
  | 'CLOCK_OFF'
  | 'DATABASE_AWAY'
  | 'DATABASE_CLOCK_OFF'
  | 'DATABASE_OPEN'
  | 'DEAD'
  | 'DISK_FULL'
  | 'GROUP_STOPPED'
  | 'HOME_UNKNOWN'
  | 'KAFKA_OLD'
  | 'LAG'
  | 'LOG_AWAY'
  | 'LOG_DIFFERS'
  | 'MIGRATIONS_PENDING'
  | 'MIGRATIONS_UNKNOWN'
  | 'NODE_OLD'
  | 'NOT_READY'
  | 'NOT_RUNNING'
  | 'OUTBOX_BEHIND'
  | 'OUTBOX_OLD'
  | 'PARKED'
  | 'POSTGRES_OLD'
  | 'POSTGRES_SILENT'
  | 'ROLE_MAY_NOT_CREATE'
  | 'ROLE_SUPERUSER'
  | 'SECRETS_MISSING'
  | 'SECRETS_READABLE'
  | 'SECRET_SHORT'
  | 'SETTING_WRONG'
  | 'SPOOL'
  | 'STATUS_FAILED'
  | 'TABLES_FOREIGN'
  | 'TOKEN_REFUSED'
  | 'TOPIC_DIFFERS'
  | 'VERSION_DIFFERS'

export interface Finding {
  readonly code: FindingCode
  readonly place: string
  readonly what: string
  /** What to do about it. */
  readonly cure: string
}

/** The finding, in a list, when something is wrong; so that checks can be listed one after the other. */
export const when = (wrong: boolean, finding: () => Finding): readonly Finding[] => (wrong ? [finding()] : [])

/** How far another clock is ahead, in milliseconds, between two bounds. */
export interface ClockAhead {
  readonly least: number
  readonly most: number
}

/** Clocks further apart than this are wrong; leases and signatures live with less. */
const CLOCKS_APART_MS = 2_000

/** How a clock is off, in words; undefined: it is not, for all that can be told. */
export const clockFault = ({ least, most }: ClockAhead): string | undefined => {
  if (least > CLOCKS_APART_MS) return `${(least / 1000).toFixed(1)} s ahead`
  return most < -CLOCKS_APART_MS ? `${(-most / 1000).toFixed(1)} s behind` : undefined
}

/** Whether a version (`24.1`, `v24.1.0`) begins with a lower number than the least one. */
export const isOlder = (version: string, least: number): boolean => Number(/\d+/.exec(version)?.[0]) < least
