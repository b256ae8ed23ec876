// The command table, and how a command's end becomes an exit code.
import { Command, CommanderError } from 'commander'
import { addAccountCommand } from './commands/account.ts'
import { addAccountsCommand } from './commands/accounts.ts'
import { addActionCommands } from './commands/actions.ts'
import { addWhyCommand } from './commands/why.ts'
import { addJourneyCommands } from './commands/journeys.ts'
import { addRunCommands } from './commands/runs.ts'
import { addDayCommands } from './commands/days.ts'
import { addOverrideCommands } from './commands/override.ts'
import { addTaskCommands } from './commands/tasks.ts'
import { addBlueprintCommands } from './commands/blueprints.ts'
import { addDeadCommands } from './commands/dead.ts'
import { addDocsCommand } from './commands/docs.ts'
import { addKeyCommands } from './commands/keys.ts'
import { addOperationCommands } from './commands/operations.ts'
import { addPlaybookCommands } from './commands/playbooks.ts'
import { addQuarantineCommands } from './commands/quarantine.ts'
import { addReceiptCommand } from './commands/receipt.ts'
import { addSourceCommands } from './commands/sources.ts'
import { addDoctorCommand } from './doctor/doctor.ts'
import { addStoredBlueprintCommands } from './commands/stored-blueprints.ts'
import { addStatusCommand } from './commands/status.ts'
import { addTokenCommand } from './commands/token.ts'
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts'
import { shownText } from './output/table.ts'
import { Session, type SessionOf, type Start } from './session.ts'

const exitCodes = `
Exit codes:
  0  done
  1  a service refused (4xx)
  2  wrong usage, file or settings; nothing was sent
  3  a service cannot be reached
  4  a service failed (5xx)
  5  status: a service is not ready; doctor: something is wrong
  6  plan --exit-code: there is something to apply`

/** The table of commands. */
export const buildProgram = (start: Start): Command => {
  const program = new Command('banso')
    .description('Operates a Banso installation, over its services’ HTTP APIs.')
    .option('--json', 'print one JSON value instead of text for people')
    .option('--home <folder>', 'the installation’s data folder (default: BANSO_HOME, else .banso here or above)')
    .addHelpText('after', exitCodes)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: start.out, writeErr: start.err })
    .exitOverride()
  const sessionOf: SessionOf = (command) => new Session(start, command.optsWithGlobals())
  const groups = [
    addAccountCommand,
    addAccountsCommand,
    addWhyCommand,
    addBlueprintCommands,
    addStoredBlueprintCommands,
    addPlaybookCommands,
    addRunCommands,
    addActionCommands,
    addTaskCommands,
    addJourneyCommands,
    addDayCommands,
    addOverrideCommands,
    addSourceCommands,
    addKeyCommands,
    addTokenCommand,
    addStatusCommand,
    addDoctorCommand,
    addOperationCommands,
    addDeadCommands,
    addQuarantineCommands,
    addReceiptCommand,
    addDocsCommand,
  ]
  for (const add of groups) add(program, sessionOf)
  return program
}

const report = (fault: unknown, err: Start['err']): ExitCode => {
  if (fault instanceof CommanderError) return fault.exitCode === 0 ? EXIT.ok : EXIT.usage // commander has said why
  if (!(fault instanceof CommandError)) throw fault
  err([`banso: ${fault.message}`, ...fault.details.map((detail) => `  ${detail}`)].map(lineOf).join(''))
  return fault.exitCode
}

const lineOf = (text: string): string => `${shownText(text)}\n`

export const runBanso = async (words: readonly string[], start: Start): Promise<ExitCode> => {
  try {
    await buildProgram(start).parseAsync(words, { from: 'user' })
    return EXIT.ok
  } catch (fault) {
    return report(fault, start.err)
  }
}
