// What only shows when the services are seen beside each other.
import { listAt, textAt } from '../json.ts'
import { cellText } from '../output/table.ts'
import { type Finding, LOG } from './finding.ts'
import type { ServiceFacts } from './service-facts.ts'

interface Owner {
  readonly place: string
  readonly database: string
}

const ownersOf = (all: readonly ServiceFacts[]): readonly Owner[] =>
  all.flatMap(({ service, checkup }) => {
    const own = textAt(checkup, 'database.database')
    const ofLog = textAt(checkup, 'log.database.database')
    return [
      ...(own === undefined ? [] : [{ place: service, database: own }]),
      ...(ofLog === undefined ? [] : [{ place: LOG, database: ofLog }]),
    ]
  })

/** Which databases of others this role may connect to. */
const openTo = (
  place: string,
  role: string | undefined,
  reachable: readonly unknown[],
  owners: readonly Owner[],
): readonly Finding[] => {
  const others = new Set(owners.filter((owner) => owner.place !== place).map(({ database }) => database))
  return reachable
    .filter((name) => typeof name === 'string' && others.has(name))
    .map((name) => ({
      code: 'DATABASE_OPEN',
      place,
      what: `its role ${role} may connect to ${cellText(name)}, which is not its own`,
      cure: `as an administrator: REVOKE CONNECT ON DATABASE ${cellText(name)} FROM PUBLIC, ${role}`,
    }))
}

const logDiffers = (all: readonly ServiceFacts[]): readonly Finding[] => {
  const speaking = all.flatMap(({ service, checkup }) => {
    const id = textAt(checkup, 'log.id')
    return id === undefined ? [] : [{ service, log: `${textAt(checkup, 'log.kind')} ${id}` }]
  })
  const logs = [...Map.groupBy(speaking, ({ log }) => log)]
  if (logs.length < 2) return []
  const parts = logs.map(([log, ones]) => `${ones.map(({ service }) => service).join(', ')} on ${log}`)
  return [
    {
      code: 'LOG_DIFFERS',
      place: LOG,
      what: `the services do not speak over one log: ${parts.join('; ')}`,
      cure: 'give all the same KAFKA_BROKERS or BANSO_LOG_DATABASE_URL, and restart them',
    },
  ]
}

export const judgeInstallation = (all: readonly ServiceFacts[]): readonly Finding[] => {
  const owners = ownersOf(all)
  const seesLog = all.find(({ checkup }) => textAt(checkup, 'log.database.role') !== undefined)?.checkup
  return [
    ...all.flatMap(({ service, checkup }) =>
      openTo(service, textAt(checkup, 'database.role'), listAt(checkup, 'database.reachable'), owners),
    ),
    ...openTo(LOG, textAt(seesLog, 'log.database.role'), listAt(seesLog, 'log.database.reachable'), owners),
    ...logDiffers(all),
  ]
}
