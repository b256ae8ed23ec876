import type { Command } from 'commander'
import { faultLine, type FileFault } from '../blueprints/documents.ts'
import { readDocuments } from '../blueprints/read-documents.ts'
import { BlueprintSender, type Outcome, type Plan } from '../blueprints/send.ts'
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts'
import { listAt } from '../json.ts'
import { changeLines } from '../output/changes.ts'
import { cellText, renderTable } from '../output/table.ts'
import type { Session, SessionOf } from '../session.ts'

/** What an answer always has; the rest is the kind's own. */
const USUAL = new Set(['kind', 'name', 'version', 'change', 'changes', 'impact'])

const shownAsJson = (outcomes: readonly Outcome[], faults: readonly FileFault[]): object => ({
  documents: outcomes.map(({ document, answer }) => ({ file: document.file, ...answer })),
  faults,
})

const refuse = (session: Session, faults: readonly FileFault[], exitCode: ExitCode): CommandError => {
  session.print(shownAsJson([], faults), () => '')
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`
  return new CommandError(exitCode, `${count} in the blueprints; nothing is applied`, faults.map(faultLine))
}

/** What would be done; ends the command when any document has a fault. */
const planned = async (session: Session, paths: readonly string[]): Promise<Plan & { sender: BlueprintSender }> => {
  const { documents, faults } = await readDocuments(paths, (path) => session.fileAt(path))
  if (faults.length > 0) throw refuse(session, faults, EXIT.usage)
  const sender = new BlueprintSender((service) => session.service(service))
  const plan = await sender.plan(documents)
  if (plan.faults.length > 0) throw refuse(session, plan.faults, EXIT.refused)
  return { ...plan, sender }
}

const isChange = ({ answer }: Outcome): boolean => answer['change'] !== 'unchanged'

const tableOf = (outcomes: readonly Outcome[]): string =>
  renderTable(outcomes, [
    { title: 'change', of: 'answer.change' },
    { title: 'kind', of: 'document.kind' },
    { title: 'name', of: 'document.name' },
    { title: 'version', of: 'answer.version' },
    { title: 'file', of: 'document.file' },
  ])

const moreLines = ({ document, answer }: Outcome): string[] =>
  Object.entries(answer)
    .filter(([key]) => !USUAL.has(key))
    .map(([key, value]) => {
      const what = key === 'secret' ? 'webhook secret, shown this once:' : key
      return `${document.kind} ${document.name}: ${what} ${cellText(value)}\n`
    })

const addApply = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('apply <paths...>')
    .description('bring the blueprints of these files and folders in force; all of them, or none when one has a fault')
    .action(async (paths: string[], _: unknown, command: Command) => {
      const session = sessionOf(command)
      const { outcomes, sender } = await planned(session, paths)
      const done: Outcome[] = []
      const print = (): void =>
        session.print(shownAsJson(done, []), () =>
          done.length === 0 ? '' : [tableOf(done), ...done.flatMap(moreLines)].join(''),
        )
      try {
        for (const outcome of outcomes) done.push(isChange(outcome) ? await sender.apply(outcome.document) : outcome)
      } finally {
        print() // secrets of what was applied are shown this once, even when a later document fails
      }
    })
}

const planLines = (outcome: Outcome): string => {
  const { document, answer } = outcome
  const impact = listAt(answer, 'impact').map((line) => `  → ${cellText(line)}\n`)
  const head = `${cellText(answer['change'])} ${document.kind} ${document.name}, version ${cellText(answer['version'])}\n`
  return [head, ...changeLines(listAt(answer, 'changes')), ...impact].join('')
}

const summary = (outcomes: readonly Outcome[]): string => {
  const count = (change: string): number => outcomes.filter(({ answer }) => answer['change'] === change).length
  return `${count('created')} to create, ${count('changed')} to change, ${count('unchanged')} unchanged\n`
}

const addPlan = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('plan <paths...>')
    .description('what apply would create and change, and what that would do; changes nothing')
    .option('--exit-code', `exit ${EXIT.changes} when there is something to apply`)
    .action(async (paths: string[], { exitCode }: { exitCode?: boolean }, command: Command) => {
      const session = sessionOf(command)
      const { outcomes } = await planned(session, paths)
      const changes = outcomes.filter(isChange)
      session.print(shownAsJson(outcomes, []), () => [...changes.map(planLines), summary(outcomes)].join(''))
      if (exitCode === true && changes.length > 0)
        throw new CommandError(EXIT.changes, `${changes.length} of ${outcomes.length} documents are not in force`)
    })
}

export const addBlueprintCommands = (program: Command, sessionOf: SessionOf): void => {
  addApply(program, sessionOf)
  addPlan(program, sessionOf)
}
