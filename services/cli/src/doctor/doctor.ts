import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { services, type Settings, tokenVariable, urlVariable } from '../config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { ServiceClient } from '../http/service-client.ts'
import { parseJson, textAt, valueAt } from '../json.ts'
import type { SessionOf } from '../session.ts'
import type { Finding } from './finding.ts'
import { judgeInstallation } from './judge-installation.ts'
import { judgeMachine } from './judge-machine.ts'
import { judgeService } from './judge-service.ts'
import { type MachineFacts, readMachine } from './machine-facts.ts'
import { askService, type ServiceFacts } from './service-facts.ts'

/** What was found, and what could not be looked at. */
export interface Diagnosis {
  readonly findings: readonly Finding[]
  readonly notChecked: readonly string[]
}

const ownVersion = (): string =>
  textAt(parseJson(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')), 'version') ?? ''

const askAll = ({ urls, tokens }: Settings): Promise<readonly ServiceFacts[]> =>
  Promise.all(
    services.flatMap((service) => {
      const url = urls.get(service)
      return url === undefined ? [] : [askService(new ServiceClient(service, url, tokens.get(service)), service)]
    }),
  )

const captureSilent = async ({ urls }: Settings): Promise<readonly Finding[]> => {
  const url = urls.get('capture')
  if (url === undefined) return []
  try {
    await new ServiceClient('capture', url, undefined).text('/')
    return []
  } catch (fault) {
    if (!(fault instanceof CommandError)) throw fault
    const cure = 'it is a part of ingestion: start that, and see that its public port (INGESTION_PORT) can be reached'
    return [{ code: 'NOT_RUNNING', place: 'capture', what: fault.message, cure }]
  }
}

const settingWrong = ({ faults }: Settings): readonly Finding[] =>
  [...faults].map(([place, { message: what }]) => ({
    code: 'SETTING_WRONG',
    place,
    what,
    cure: `correct ${urlVariable(place)}, ${tokenVariable(place)}_FILE or the folder’s addresses.json`,
  }))

const notChecked = (
  machine: MachineFacts,
  { urls, faults }: Settings,
  all: readonly ServiceFacts[],
): readonly string[] => [
  ...(machine.home === null ? ['disk and secrets: there is no data folder on this machine'] : []),
  ...(machine.postgres === null && all.some(({ checkup }) => checkup !== null)
    ? ['the disk of Postgres: it does not run from the data folder of this machine']
    : []),
  ...(all.some(({ checkup }) => textAt(checkup, 'log.kind') === 'kafka')
    ? ['the disks and the clocks of the brokers: Kafka does not tell them']
    : []),
  ...(all.some(({ checkup }) => valueAt(checkup, 'log.version') === null)
    ? ['the version of the brokers: their settings may not be read']
    : []),
  ...['capture', ...services]
    .filter((name) => !urls.has(name) && !faults.has(name))
    .map((name) => `${name}: its address is not known`),
  ...all
    .filter(({ checkup }) => checkup === null)
    .map(({ service }) => `the stores of ${service}: it could not be asked`),
]

export const diagnose = async (settings: Settings): Promise<Diagnosis> => {
  const [machine, all, capture] = await Promise.all([readMachine(settings), askAll(settings), captureSilent(settings)])
  const version = ownVersion()
  const findings = [
    ...judgeMachine(machine),
    ...settingWrong(settings),
    ...capture,
    ...all.flatMap((facts) => judgeService(facts, version)),
    ...judgeInstallation(all),
  ]
  // Each service tells of the log what all of them see.
  const once = new Map(findings.map((finding) => [JSON.stringify(finding), finding]))
  return { findings: [...once.values()], notChecked: notChecked(machine, settings, all) }
}

const lines = ({ findings, notChecked: open }: Diagnosis): string =>
  [
    ...findings.map(({ place, what, cure }) => `${place}: ${what}\n  cure: ${cure}\n`),
    ...open.map((what) => `not checked: ${what}\n`),
    ...(findings.length === 0 ? ['nothing is wrong\n'] : []),
  ].join('')

export const addDoctorCommand = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('doctor')
    .description('examine machine, services, databases and log; says what is wrong, where, and what to do about it')
    .action(async (_: unknown, command: Command) => {
      const session = sessionOf(command)
      const diagnosis = await diagnose(session.settings())
      session.print(diagnosis, () => lines(diagnosis))
      const { length } = diagnosis.findings
      if (length > 0)
        throw new CommandError(EXIT.notReady, `${length} ${length === 1 ? 'thing is' : 'things are'} wrong`)
    })
}
