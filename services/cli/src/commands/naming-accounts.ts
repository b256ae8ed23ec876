// How accounts are named on the command line: by id, or by the id that the product knows them by.
import { Argument, type Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { listAt, textAt } from '../json.ts'
import type { Session } from '../session.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export const withAccount = (command: Command): Command =>
  command.addArgument(new Argument('<account>', 'its id, or the id that the product knows it by'))

const byExternalId = async (session: Session, externalId: string): Promise<string> => {
  const query = { externalId, limit: '5' }
  const items = listAt(await session.service('accounts').call({ path: '/v1/accounts', query }), 'items')
  const ids = items.flatMap((item) => textAt(item, 'accountId') ?? [])
  const [only, ...others] = ids
  if (only === undefined)
    throw new CommandError(
      EXIT.refused,
      `the product knows no account by the id ${externalId} (banso accounts lists them)`,
    )
  if (others.length > 0) throw new CommandError(EXIT.refused, `several accounts are known by the id ${externalId}`, ids)
  return only
}

/** The account's id. What looks like one is one. */
export const accountNamed = (session: Session, account: string): Promise<string> =>
  UUID.test(account) ? Promise.resolve(account.toLowerCase()) : byExternalId(session, account)

/** As `accountNamed`, of exactly one of both. */
export const accountOf = (
  session: Session,
  id: string | undefined,
  externalId: string | undefined,
): Promise<string> => {
  if (id !== undefined && externalId === undefined) return accountNamed(session, id)
  if (id === undefined && externalId !== undefined) return byExternalId(session, externalId)
  throw new CommandError(EXIT.usage, 'name the account, or give --external, not both')
}
