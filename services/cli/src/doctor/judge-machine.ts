import { services, tokenVariable } from '../config.ts'
import { type Finding, isOlder, MACHINE, when } from './finding.ts'
import type { MachineFacts, SecretsFile } from './machine-facts.ts'

export const LEAST_NODE = 24
const LEAST_FREE_BYTES = 1024 ** 3
const LEAST_SECRET_CHARACTERS = 16
/** base64 of 32 bytes. */
const MASTER_KEY = /^[A-Za-z0-9+/]{43}=$/
const OTHERS_MAY = 0o077

const passwordNames = [...services, 'log'].map((name) => `BANSO_DATABASE_PASSWORD_${name.toUpperCase()}`)
const tokenNames = services.map(tokenVariable)

const nodeOld = ({ node }: MachineFacts): readonly Finding[] =>
  when(isOlder(node, LEAST_NODE), () => ({
    code: 'NODE_OLD',
    place: MACHINE,
    what: `this is Node ${node}; Banso needs Node ${LEAST_NODE}`,
    cure: `npm ci brings Node ${LEAST_NODE} as a package: start by npm start and npx banso, or install it`,
  }))

const diskFull = ({ home, freeBytes }: MachineFacts): readonly Finding[] =>
  when(freeBytes !== null && freeBytes < LEAST_FREE_BYTES, () => ({
    code: 'DISK_FULL',
    place: MACHINE,
    what: `the disk of ${home} has ${Math.floor((freeBytes ?? 0) / 1024 ** 2)} MB free; the log, the spool and the databases are there`,
    cure: 'free some space (at least 1 GB), or move the folder to another disk and set BANSO_HOME; do not delete in it',
  }))

const postgresSilent = ({ home, postgres }: MachineFacts): readonly Finding[] =>
  when(postgres !== null && !postgres.listens, () => ({
    code: 'POSTGRES_SILENT',
    place: MACHINE,
    what: `the Postgres of ${home} was not stopped, and does not listen on port ${postgres?.port}`,
    cure: `npm start brings it back; why it ended is at the end of ${home}/logs/postgres.log`,
  }))

const homeUnknown = ({ home, tokens }: MachineFacts): readonly Finding[] =>
  when(home === null && tokens.size === 0, () => ({
    code: 'HOME_UNKNOWN',
    place: MACHINE,
    what: 'there is no data folder .banso here or above, and no token in the environment',
    cure: 'start Banso first, name its folder by --home or BANSO_HOME, or set BANSO_<SERVICE>_URL and BANSO_SERVICE_TOKEN_<SERVICE>',
  }))

const secretsMissing = ({ home, secrets }: MachineFacts): readonly Finding[] => {
  if (home === null) return []
  if (secrets === null)
    return [
      {
        code: 'SECRETS_MISSING',
        place: MACHINE,
        what: `${home} has no file secrets that you may read`,
        cure: 'run banso as the user whose folder it is, or restore the file from a backup: sealed data needs its master key',
      },
    ]
  const missing = ['BANSO_MASTER_KEY', ...tokenNames, ...passwordNames].filter((name) => !secrets.values.has(name))
  return when(missing.length > 0, () => ({
    code: 'SECRETS_MISSING',
    place: MACHINE,
    what: `${secrets.file} lacks ${missing.join(', ')}`,
    cure: missing.includes('BANSO_MASTER_KEY')
      ? 'restore the master key from a backup: a new one cannot open what was sealed under it'
      : 'stop Banso and start it again: npm start makes those that are missing, and sets the passwords of the roles',
  }))
}

const secretsReadable = (secrets: SecretsFile | null): readonly Finding[] =>
  when(secrets !== null && (secrets.mode & OTHERS_MAY) !== 0, () => ({
    code: 'SECRETS_READABLE',
    place: MACHINE,
    what: `other users of this machine may open ${secrets?.file} (mode ${secrets?.mode.toString(8)})`,
    cure: `chmod 600 ${secrets?.file}; if others had access to this machine, take the secrets for known`,
  }))

const isShort = ([name, value]: readonly [string, string]): boolean =>
  name === 'BANSO_MASTER_KEY'
    ? !MASTER_KEY.test(value)
    : /^BANSO_(SERVICE_TOKEN|DATABASE_PASSWORD)_/.test(name) && value.length < LEAST_SECRET_CHARACTERS

const secretShort = ({ secrets, tokens }: MachineFacts): readonly Finding[] => {
  const named = [...tokens].map(([service, token]) => [tokenVariable(service), token] as const)
  const short = new Set([...(secrets?.values ?? []), ...named].filter(isShort).map(([name]) => name))
  return [...short].map((name) => ({
    code: 'SECRET_SHORT',
    place: MACHINE,
    what: name === 'BANSO_MASTER_KEY' ? `${name} is not base64 of 32 bytes` : `${name} is shorter than 16 characters`,
    cure:
      name === 'BANSO_MASTER_KEY'
        ? 'put the one back that data were sealed under; for a new installation: openssl rand -base64 32'
        : 'make another, give it to the service and to banso alike, and restart the service: openssl rand -hex 24',
  }))
}

/** What is wrong with this machine and the data folder on it. */
export const judgeMachine = (facts: MachineFacts): readonly Finding[] => [
  ...nodeOld(facts),
  ...homeUnknown(facts),
  ...diskFull(facts),
  ...secretsMissing(facts),
  ...secretsReadable(facts.secrets),
  ...secretShort(facts),
  ...postgresSilent(facts),
]
