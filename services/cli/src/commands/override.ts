import { type Command, Option } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { pathOf } from '../http/service-client.ts'
import { valueAt } from '../json.ts'
import { pointsAt } from '../output/points.ts'
import type { Column } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed, withAccount } from './naming-accounts.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

interface OverrideOptions {
  readonly score: string
  readonly reason: string
  readonly owner: string
  readonly until: string
  readonly note?: string
}

const columns: readonly Column[] = [
  { title: 'account', of: 'accountId' },
  { title: 'score', of: pointsAt('score') },
  { title: 'band', of: 'band' },
  { title: 'until', of: 'override.until' },
  { title: 'computed', of: (row) => (valueAt(row, 'computed') ? pointsAt('computed.score')(row) : undefined) },
]

const scoreFrom = (text: string): number => {
  const score = Number(text)
  if (text.trim() !== '' && score >= 0 && score <= 100) return score
  throw new CommandError(EXIT.usage, `--score must be a number from 0 to 100: ${text}`)
}

const addSet = (override: Command, sessionOf: SessionOf): void => {
  withAccount(override.command('set'))
    .description('put a score in place of the computed one, for a while')
    .requiredOption('--score <score>', '0 to 100')
    .addOption(
      new Option(
        '--reason <reason>',
        'heard-from-customer, contract-decision, known-absence, wrong-data, other',
      ).makeOptionMandatory(),
    )
    .requiredOption('--owner <name>', 'who answers for it')
    .requiredOption('--until <time>', 'when it ends: 2026-01-31T09:30:00Z')
    .option('--note <text>', 'more about it')
    .action(async (account: string, { score, ...rest }: OverrideOptions, command: Command) => {
      const session = sessionOf(command)
      const body = { score: scoreFrom(score), ...rest }
      const path = pathOf`/v1/accounts/${await accountNamed(session, account)}/override`
      session.printFields(await session.service('health').call({ method: 'PUT', path, body }), columns)
    })
}

const addClear = (override: Command, sessionOf: SessionOf): void => {
  withAccount(override.command('clear'))
    .description('let the computed score count again')
    .action(async (account: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const path = pathOf`/v1/accounts/${await accountNamed(session, account)}/override`
      session.printFields(await session.service('health').call({ method: 'DELETE', path }), columns)
    })
}

const addList = (override: Command, sessionOf: SessionOf): void => {
  const list = withAccount(override.command('list')).description('all that were set, newest first, and how each ended')
  withPaging(list).action(async (account: string, options: PageOptions, command: Command) => {
    const session = sessionOf(command)
    const path = pathOf`/v1/accounts/${await accountNamed(session, account)}/overrides`
    session.printPage(
      await session.service('health').call({ path, query: pageQuery(options) }),
      [
        { title: 'set', of: 'setAt' },
        { title: 'score', of: pointsAt('score') },
        { title: 'reason', of: 'reason' },
        { title: 'owner', of: 'owner' },
        { title: 'until', of: 'until' },
        { title: 'ended', of: 'endedAt' },
        { title: 'by', of: 'endedBy' },
        { title: 'note', of: 'note' },
      ],
      'its score was never overridden',
    )
  })
}

export const addOverrideCommands = (program: Command, sessionOf: SessionOf): void => {
  const override = program.command('override').description('scores that a person answers for')
  addSet(override, sessionOf)
  addClear(override, sessionOf)
  addList(override, sessionOf)
}
