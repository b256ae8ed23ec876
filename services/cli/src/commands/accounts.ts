import { type Command, Option } from 'commander'
import { failureOf, pathOf, type ServiceClient } from '../http/service-client.ts'
import { isObject, listAt, textAt } from '../json.ts'
import { pointsAt } from '../output/points.ts'
import type { SessionOf } from '../session.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

const AT_ONCE = 20

interface AccountsOptions extends PageOptions {
  readonly band?: string
  readonly sort?: string
}

/** The items, each with what the accounts service knows of it; null where it knows nothing. */
const withProfiles = async (items: readonly unknown[], accounts: ServiceClient): Promise<unknown[]> => {
  const rows: unknown[] = []
  for (let at = 0; at < items.length; at += AT_ONCE)
    rows.push(
      ...(await Promise.all(
        items.slice(at, at + AT_ONCE).map(async (item) => {
          const id = textAt(item, 'accountId') ?? ''
          const answer = await accounts.ask({ path: pathOf`/v1/accounts/${id}` })
          if (answer.status >= 300 && answer.status !== 404) throw failureOf('accounts', answer)
          return { ...(isObject(item) && item), profile: answer.status === 404 ? null : answer.body }
        }),
      )),
    )
  return rows
}

export const addAccountsCommand = (program: Command, sessionOf: SessionOf): void => {
  const accounts = program
    .command('accounts')
    .description('the accounts and how they are doing')
    .addOption(
      new Option('--band <band>', 'only these; none: without a score').choices(['red', 'amber', 'green', 'none']),
    )
    .addOption(
      new Option('--sort <field>', 'lowest score first, highest first, or by day').choices(['score', '-score', 'day']),
    )
  withPaging(accounts).action(async ({ band, sort, ...paging }: AccountsOptions, command: Command) => {
    const session = sessionOf(command)
    const query = { band, sort, ...pageQuery(paging) }
    const page = await session.service('health').call({ path: '/v1/accounts', query })
    const items = await withProfiles(listAt(page, 'items'), session.service('accounts'))
    session.printPage(
      { ...(isObject(page) && page), items },
      [
        { title: 'score', of: pointsAt('score') },
        { title: 'band', of: 'band' },
        { title: 'name', of: (row) => textAt(row, 'profile.name') ?? textAt(row, 'name') },
        { title: 'external id', of: 'profile.externalId' },
        { title: 'account', of: 'accountId' },
        { title: 'day', of: 'day' },
      ],
      'there are no such accounts',
    )
  })
}
