// What health keeps of an account day by day.
import type { Command } from 'commander'
import { pathOf } from '../http/service-client.ts'
import { textAt, valueAt } from '../json.ts'
import { percentAt, pointsAt } from '../output/points.ts'
import { cellText, type Column } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed, withAccount } from './naming-accounts.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

interface DaysOptions extends PageOptions {
  readonly from?: string
  readonly to?: string
  readonly knownOn?: string
}

interface DayList {
  readonly name: string
  readonly description: string
  /** In `/v1/accounts/{id}/`. */
  readonly list: string
  readonly columns: readonly Column[]
  readonly none: string
}

const scores: DayList = {
  name: 'scores',
  description: 'the score of an account day by day',
  list: 'score/history',
  columns: [
    { title: 'day', of: 'day' },
    { title: 'score', of: pointsAt('score') },
    { title: 'band', of: 'band' },
    { title: 'outcome', of: pointsAt('outcome') },
    { title: 'experience', of: pointsAt('experience') },
    { title: 'coverage', of: percentAt('coverage') },
    { title: 'set by hand', of: (row) => (valueAt(row, 'overridden') === true ? 'yes' : 'no') },
    {
      title: 'scorecard',
      of: (row) => `${textAt(row, 'scorecard.name')} ${cellText(valueAt(row, 'scorecard.version'))}`,
    },
  ],
  none: 'it has no score of these days',
}

const usage: DayList = {
  name: 'usage',
  description: 'what an account did in the product day by day, how often and by how many persons',
  list: 'usage',
  columns: [
    { title: 'day', of: 'day' },
    { title: 'kind', of: 'kind' },
    { title: 'event', of: 'event' },
    { title: 'count', of: 'count' },
    { title: 'persons', of: 'persons' },
  ],
  none: 'it did nothing on these days',
}

const addDays = (
  program: Command,
  sessionOf: SessionOf,
  { name, description, list, columns, none }: DayList,
): Command =>
  withPaging(
    withAccount(program.command(name))
      .description(description)
      .option('--from <day>', 'from this day on: 2026-01-31; without it, the last 28 days')
      .option('--to <day>', 'up to this day'),
  ).action(async (account: string, { from, to, knownOn, ...paging }: DaysOptions, command: Command) => {
    const session = sessionOf(command)
    const path = `${pathOf`/v1/accounts/${await accountNamed(session, account)}`}/${list}`
    const query = { from, to, knownOn, ...pageQuery(paging) }
    session.printPage(await session.service('health').call({ path, query }), columns, none)
  })

export const addDayCommands = (program: Command, sessionOf: SessionOf): void => {
  addDays(program, sessionOf, scores)
  addDays(program, sessionOf, usage).option('--known-on <day>', 'only what was known at the end of this day')
}
