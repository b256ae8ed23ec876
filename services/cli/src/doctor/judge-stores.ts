// Of one service: its database, and the log as it sees it.
import { listAt, numberAt, textAt, valueAt } from '../json.ts'
import { cellText } from '../output/table.ts'
import { clockFault, type Finding, isOlder, LOG, when } from './finding.ts'
import type { ServiceFacts } from './service-facts.ts'

const LEAST_POSTGRES = 15
const LEAST_KAFKA = 3

const namesAt = (value: unknown, path: string): string => listAt(value, path).map(cellText).join(', ')

const clockOf = (database: unknown): string | undefined => {
  const [least, most] = [numberAt(database, 'clockAheadMs.least'), numberAt(database, 'clockAheadMs.most')]
  return least === undefined || most === undefined ? undefined : clockFault({ least, most })
}

const postgresOld = (place: string, database: unknown): readonly Finding[] => {
  const version = textAt(database, 'version')
  return when(version !== undefined && isOlder(version, LEAST_POSTGRES), () => ({
    code: 'POSTGRES_OLD',
    place,
    what: `its database is of PostgreSQL ${version}; Banso needs ${LEAST_POSTGRES}`,
    cure: 'upgrade the server (pg_upgrade, or dump and restore: docs/operate/backup.md)',
  }))
}

const databaseClock = (place: string, database: unknown): readonly Finding[] => {
  const off = clockOf(database)
  return when(off !== undefined, () => ({
    code: 'DATABASE_CLOCK_OFF',
    place,
    what: `the clock of its database is ${off}, seen from the service`,
    cure: 'let both machines keep time by NTP (timedatectl set-ntp true); leases rely on it',
  }))
}

const rights = (place: string, database: unknown): readonly Finding[] => {
  const [role, name] = [textAt(database, 'role') ?? '', textAt(database, 'database') ?? '']
  const foreign = namesAt(database, 'foreignTables')
  return [
    ...when(valueAt(database, 'superuser') === true, () => ({
      code: 'ROLE_SUPERUSER',
      place,
      what: `its role ${role} is a superuser: it may do everything in every database`,
      cure: `ALTER ROLE ${role} NOSUPERUSER; or give the service a role of its own`,
    })),
    ...when(valueAt(database, 'mayCreate') === false, () => ({
      code: 'ROLE_MAY_NOT_CREATE',
      place,
      what: `its role ${role} may not make tables in ${name}, which migrations do`,
      cure: `as an administrator: ALTER DATABASE ${name} OWNER TO ${role}; in it: GRANT CREATE ON SCHEMA public TO ${role}`,
    })),
    ...when(foreign !== '', () => ({
      code: 'TABLES_FOREIGN',
      place,
      what: `tables of ${name} are another role's, so that migrations cannot change them: ${foreign}`,
      cure: `as an administrator, in ${name}, for each: ALTER TABLE … OWNER TO ${role} (pg_restore --no-owner as ${role} avoids it)`,
    })),
  ]
}

const migrations = (place: string, database: unknown): readonly Finding[] => {
  const [pending, unknown] = [namesAt(database, 'migrations.pending'), namesAt(database, 'migrations.unknown')]
  return [
    ...when(pending !== '', () => ({
      code: 'MIGRATIONS_PENDING',
      place,
      what: `its database lacks migrations: ${pending}`,
      cure: 'restart the service: migrations run at its start; if it does not start, its log says why',
    })),
    ...when(unknown !== '', () => ({
      code: 'MIGRATIONS_UNKNOWN',
      place,
      what: `its database is of a newer release than its code: ${unknown}`,
      cure: 'finish the upgrade: start it from the newer release (docs/operate/upgrade.md says how to go back)',
    })),
  ]
}

export const judgeDatabase = ({ service: place, checkup }: ServiceFacts): readonly Finding[] => {
  const database = valueAt(checkup, 'database')
  const fault = textAt(database, 'fault')
  if (fault !== undefined)
    return [
      {
        code: 'DATABASE_AWAY',
        place,
        what: `its database does not answer: ${fault}`,
        cure: `see that Postgres runs and takes connections, and ${place.toUpperCase()}_DATABASE_URL is right; the service goes on by itself then`,
      },
    ]
  return [
    ...postgresOld(place, database),
    ...databaseClock(place, database),
    ...rights(place, database),
    ...migrations(place, database),
  ]
}

const topicFinding = (place: string, topic: unknown): Finding => ({
  code: 'TOPIC_DIFFERS',
  place,
  what: `topic ${textAt(topic, 'topic')}: ${namesAt(topic, 'differences')}`,
  cure: `set it as declared (kafka-configs.sh --alter; kafka-topics.sh for partitions, which never go down); a missing one is made when ${place} starts`,
})

/** The log as this service sees it, and the topics that it writes. */
export const judgeLog = ({ service: place, checkup }: ServiceFacts): readonly Finding[] => {
  const log = valueAt(checkup, 'log')
  const [fault, version = ''] = [textAt(log, 'fault'), textAt(log, 'version')]
  if (fault !== undefined)
    return [
      {
        code: 'LOG_AWAY',
        place,
        what: `the log does not answer it: ${fault}`,
        cure: 'see that the brokers (KAFKA_BROKERS) or the log’s database (BANSO_LOG_DATABASE_URL) can be reached from it; until then capture spools',
      },
    ]
  return [
    ...when(version.startsWith('Apache Kafka') && isOlder(version, LEAST_KAFKA), () => ({
      code: 'KAFKA_OLD',
      place: LOG,
      what: `the brokers are ${version}; Banso needs ${LEAST_KAFKA}.0, and is tested with 4.1`,
      cure: 'upgrade the brokers, one after the other',
    })),
    ...postgresOld(LOG, valueAt(log, 'database')),
    ...databaseClock(LOG, valueAt(log, 'database')),
    ...rights(LOG, valueAt(log, 'database')),
    ...listAt(log, 'topics').map((topic) => topicFinding(place, topic)),
  ]
}
