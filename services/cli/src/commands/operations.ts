import { Argument, type Command, Option } from 'commander'
import { services, type ServiceName } from '../config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { LONG_WORK_MS } from '../http/service-client.ts'
import { listAt, valueAt } from '../json.ts'
import { cellText } from '../output/table.ts'
import type { SessionOf } from '../session.ts'

const resumedIn = (answer: unknown): string[] => [
  ...listAt(answer, 'groups').map(cellText),
  ...(valueAt(answer, 'outboxGeneration') ? ['outbox'] : []),
]

const addResume = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('resume')
    .description('let a service that stopped go on: its log or its database is not the one it knew')
    .addArgument(new Argument('<service>').choices(services))
    .addOption(
      new Option('--at <position>', 'where: at its own progress, or the start or the end of the log')
        .choices(['progress', 'start', 'end'])
        .makeOptionMandatory(),
    )
    .action(async (name: ServiceName, { at }: { at: string }, command: Command) => {
      const session = sessionOf(command)
      const answer = await session.service(name).call({ method: 'POST', path: '/v1/operations/resume', body: { at } })
      session.print(answer, () => `resumed at ${at}: ${resumedIn(answer).join(', ')}\n`)
    })
}

interface RebuildOptions {
  readonly yes?: boolean
  readonly loseHistory?: boolean
}

const addRebuild = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('rebuild')
    .description('clear what a service derived from events and make it anew from the log')
    .addArgument(new Argument('<service>').choices(services))
    .option('--yes', 'say that it may be cleared')
    .option('--lose-history', 'say that what it learnt from another log than this one may be lost')
    .action(async (name: ServiceName, { yes, loseHistory }: RebuildOptions, command: Command) => {
      const session = sessionOf(command)
      if (!yes)
        throw new CommandError(EXIT.usage, `rebuild clears what ${name} derived from events; say --yes to do it`)
      const path = '/v1/operations/rebuild'
      const call = {
        method: 'POST',
        path,
        body: { loseHistory: loseHistory === true },
        withinMs: LONG_WORK_MS,
      } as const
      const answer = await session.service(name).call(call)
      session.print(answer, () => `${name} rebuilds; see banso status\n`)
    })
}

export const addOperationCommands = (program: Command, sessionOf: SessionOf): void => {
  addResume(program, sessionOf)
  addRebuild(program, sessionOf)
}
