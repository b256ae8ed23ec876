import { EXIT } from '../exit-codes.ts'
import { textAt } from '../json.ts'
import { clockFault, type Finding, isOlder, when } from './finding.ts'
import { judgeDatabase, judgeLog } from './judge-stores.ts'
import { LEAST_NODE } from './judge-machine.ts'
import { judgeWork } from './judge-work.ts'
import type { ServiceFacts } from './service-facts.ts'

const UNAUTHORIZED = /TOKEN_INVALID/

/** Why a service could not be asked at all; undefined: it answered. */
const unasked = ({ service: place, url, ready, fault }: ServiceFacts): Finding | undefined => {
  if (ready !== null || fault === null) return undefined
  if (fault.exitCode === EXIT.unreachable)
    return {
      code: 'NOT_RUNNING',
      place,
      what: fault.message,
      cure: `start it (npm start, or docker compose up -d ${place}); why it ended is at the end of its log. If it runs elsewhere, set BANSO_${place.toUpperCase()}_URL`,
    }
  return {
    code: 'ADDRESS_WRONG',
    place,
    what: `what answers at ${url} is not a service of Banso: ${fault.message}`,
    cure: `something else listens there: stop it, start Banso on other ports (BANSO_PORT_BASE), or correct BANSO_${place.toUpperCase()}_URL`,
  }
}

const stranger = ({ service: place, url, checkup }: ServiceFacts): readonly Finding[] => {
  const other = textAt(checkup, 'service')
  return when(other !== undefined && other !== place, () => ({
    code: 'ADDRESS_WRONG',
    place,
    what: `at ${url} answers ${other}`,
    cure: `correct BANSO_${place.toUpperCase()}_URL, or addresses.json in the data folder`,
  }))
}

const refused = ({ service: place, fault }: ServiceFacts): readonly Finding[] =>
  when(fault !== null && UNAUTHORIZED.test(fault.message), () => ({
    code: 'TOKEN_REFUSED',
    place,
    what: 'it refuses the token that banso has for it, so it was not examined',
    cure: `give both the same BANSO_SERVICE_TOKEN_${place.toUpperCase()} (banso token ${place} shows ours), and restart the service`,
  }))

const unexamined = ({ service: place, ready, checkup, fault }: ServiceFacts): readonly Finding[] =>
  when(ready !== null && fault !== null && !UNAUTHORIZED.test(fault.message) && checkup === null, () => ({
    code: 'STATUS_FAILED',
    place,
    what: `it could not be examined: ${fault?.message}`,
    cure: 'read the end of its log; where the answer is NOT_FOUND, it runs an older release: restart it',
  }))

const notReady = ({ service: place, notReady: checks }: ServiceFacts): readonly Finding[] =>
  when(checks.length > 0, () => ({
    code: 'NOT_READY',
    place,
    what: `it is not ready: ${checks.join('; ')}`,
    cure: 'it tries again by itself, every 30 s at the latest; what is wrong with its stores stands below, the rest in its log',
  }))

const nodeOld = ({ service: place, node }: ServiceFacts): readonly Finding[] =>
  when(node !== null && isOlder(node, LEAST_NODE), () => ({
    code: 'NODE_OLD',
    place,
    what: `it runs on Node ${node}; Banso needs Node ${LEAST_NODE}`,
    cure: `start it by npm start or the image, which bring Node ${LEAST_NODE}`,
  }))

const clockOff = ({ service: place, clockAheadMs }: ServiceFacts): readonly Finding[] => {
  const off = clockAheadMs === null ? undefined : clockFault(clockAheadMs)
  return when(off !== undefined, () => ({
    code: 'CLOCK_OFF',
    place,
    what: `its clock is ${off}, seen from this machine`,
    cure: 'let both machines keep time by NTP (timedatectl set-ntp true); signatures and waits rely on it',
  }))
}

const versionDiffers = ({ service: place, checkup }: ServiceFacts, ours: string): readonly Finding[] => {
  const version = textAt(checkup, 'version')
  return when(version !== undefined && version !== ours, () => ({
    code: 'VERSION_DIFFERS',
    place,
    what: `it runs Banso ${version}, this is ${ours}`,
    cure: 'finish the upgrade: docs/operate/upgrade.md',
  }))
}

/** What is wrong with a service and its stores. `version`: of this command. */
export const judgeService = (facts: ServiceFacts, version: string): readonly Finding[] => {
  const silent = unasked(facts)
  if (silent) return [silent]
  return [
    ...stranger(facts),
    ...refused(facts),
    ...unexamined(facts),
    ...notReady(facts),
    ...versionDiffers(facts, version),
    ...nodeOld(facts),
    ...clockOff(facts),
    ...judgeDatabase(facts),
    ...judgeLog(facts),
    ...judgeWork(facts),
  ]
}
