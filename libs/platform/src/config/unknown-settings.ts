import type { Environment } from './parse-config.ts'

const services = ['INGESTION', 'ACCOUNTS', 'HEALTH', 'JOURNEYS', 'PLAYBOOKS']

/** Every name that begins with BANSO_, whichever part of Banso reads it. */
export const sharedNames: readonly string[] = [
  // services
  ...services.map((service) => `BANSO_SERVICE_TOKEN_${service}`),
  'BANSO_ALLOW_PRIVATE_TARGETS',
  'BANSO_API_BIND',
  'BANSO_ENV',
  'BANSO_LANGUAGE',
  'BANSO_LOG_DATABASE_URL',
  'BANSO_LOG_LEVEL',
  'BANSO_MAIL_FROM',
  'BANSO_MASTER_KEY',
  'BANSO_SMTP_PLAIN_TEXT',
  'BANSO_STOP_LIMIT_MS',
  'BANSO_TIMEZONE',
  // the launcher, and the secrets that it keeps
  ...[...services, 'LOG', 'POSTGRES'].map((database) => `BANSO_DATABASE_PASSWORD_${database}`),
  'BANSO_DEVELOPMENT_WRITE_KEY',
  'BANSO_HOME',
  'BANSO_KEEP_HOME',
  'BANSO_PORT_BASE',
  'BANSO_POSTGRES_PREFIX',
  'BANSO_POSTGRES_URL',
  // the command
  ...['CAPTURE', ...services].map((place) => `BANSO_${place}_URL`),
]

const SHARED = 'BANSO_'
/** Of a setting in a file. */
const FILE = '_FILE'
/** What Kubernetes tells every container about a service `health`, in names that begin like settings. */
const TOLD_BY_KUBERNETES = /_SERVICE_HOST$|_SERVICE_PORT(_|$)|_PORT_\d+_(TCP|UDP)(_|$)/
/** Letters that a slip of the pen changes; more is another name. */
const MOST_SLIPS = 3

/** How many letters are added, left out, changed, or swapped with the next; infinite above `limit`. */
const slipsBetween = (one: string, other: string, limit: number): number => {
  let same = 0
  while (same < one.length && one[same] === other[same]) same += 1
  const [a, b] = [one.slice(same), other.slice(same)]
  if (a === b) return 0
  if (limit === 0) return Number.POSITIVE_INFINITY
  const swapped = a.length > 1 && a[0] === b[1] && a[1] === b[0]
  const rest = [
    [a.slice(1), b],
    [a, b.slice(1)],
    [a.slice(1), b.slice(1)],
    ...(swapped ? [[a.slice(2), b.slice(2)]] : []),
  ]
  return 1 + Math.min(...rest.map(([x = '', y = '']) => slipsBetween(x, y, limit - 1)))
}

const nearest = (name: string, known: readonly string[]): string | undefined =>
  known
    .map((candidate) => ({ candidate, slips: slipsBetween(name, candidate, MOST_SLIPS) }))
    .filter(({ slips }) => Number.isFinite(slips))
    .toSorted((a, b) => a.slips - b.slips)[0]?.candidate

export interface UnknownSetting {
  readonly name: string
  /** A sentence for the operator; never the value. */
  readonly warning: string
}

/**
 * What is set and begins like a setting, and is none: with BANSO_, or with `own.prefix` (`HEALTH_`), whose names are
 * `own.names`. Others' prefixes are left to them, because an environment may be shared.
 */
export const unknownSettings = (
  env: Environment,
  own?: { readonly prefix: string; readonly names: readonly string[] },
): readonly UnknownSetting[] => {
  const known = [...sharedNames, ...(own?.names ?? [])]
  const isKnown = new Set([...known, ...known.map((name) => `${name}${FILE}`)])
  const isOurs = (name: string) => name.startsWith(SHARED) || (own !== undefined && name.startsWith(own.prefix))
  return Object.entries(env)
    .filter(([name, value]) => value && isOurs(name) && !isKnown.has(name) && !TOLD_BY_KUBERNETES.test(name))
    .map(([name]) => {
      const inFile = name.endsWith(FILE) ? FILE : ''
      const meant = nearest(name.slice(0, name.length - inFile.length), known)
      const guess = meant === undefined ? '' : `; did you mean ${meant}${inFile}?`
      return { name, warning: `${name} is not a setting of Banso${guess}` }
    })
}
