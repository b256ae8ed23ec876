import { type Command, Option } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { pathOf } from '../http/service-client.ts'
import { type Column, renderTable } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed } from './naming-accounts.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

interface ActionsOptions extends PageOptions {
  readonly account?: string
  readonly playbook?: string
  readonly state?: string
  readonly kind?: string
}

const columns: readonly Column[] = [
  { title: 'requested', of: 'requestedAt' },
  { title: 'kind', of: 'kind' },
  { title: 'to', of: 'to' },
  { title: 'playbook', of: 'playbook.name' },
  { title: 'account', of: 'account.id' },
  { title: 'state', of: 'state' },
  { title: 'reason', of: 'reason' },
  { title: 'attempts', of: 'attempts' },
  { title: 'action', of: 'id' },
]

const addList = (actions: Command, sessionOf: SessionOf): void => {
  const list = actions
    .command('list')
    .description('what playbooks sent, newest first, and what came of it')
    .option('--account <account>', 'about this account')
    .option('--playbook <name>', 'of this playbook')
    .addOption(new Option('--state <state>', 'in this state').choices(['requested', 'done', 'failed']))
    .addOption(new Option('--kind <kind>', 'of this kind').choices(['webhook', 'email', 'task']))
  withPaging(list).action(async ({ account, playbook, state, kind, ...paging }: ActionsOptions, command: Command) => {
    const session = sessionOf(command)
    const id = account === undefined ? undefined : await accountNamed(session, account)
    const query = { account: id, playbook, state, kind, ...pageQuery(paging) }
    const page = await session.service('playbooks').call({ path: '/v1/actions', query })
    session.printPage(page, columns, 'there are no such actions')
  })
}

/** An action's id is that of its run, a hyphen, and its step. */
const pathOfAction = (action: string): string => {
  const [, run, step] = /^([0-9a-f-]{36})-([a-z0-9-]+)$/i.exec(action) ?? []
  if (run === undefined || step === undefined)
    throw new CommandError(EXIT.usage, `${action} is not the id of an action (banso actions list shows them)`)
  return pathOf`/v1/actions/${run}/${step}/redrive`
}

const addRedrive = (actions: Command, sessionOf: SessionOf): void => {
  actions
    .command('redrive <actions...>')
    .description('try actions that failed again, under the ids they had')
    .action(async (ids: readonly string[], _: unknown, command: Command) => {
      const session = sessionOf(command)
      const paths = ids.map(pathOfAction)
      const items: unknown[] = []
      try {
        for (const path of paths) items.push(await session.service('playbooks').call({ method: 'POST', path }))
      } finally {
        // what was done is told, even when a later one is refused
        if (items.length > 0) session.print({ items }, () => renderTable(items, columns))
      }
    })
}

export const addActionCommands = (program: Command, sessionOf: SessionOf): void => {
  const actions = program.command('actions').description('webhooks, mails and tasks of playbooks')
  addList(actions, sessionOf)
  addRedrive(actions, sessionOf)
}
