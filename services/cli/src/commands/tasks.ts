import { type Command, Option } from 'commander'
import { pathOf } from '../http/service-client.ts'
import type { Column } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed } from './naming-accounts.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'
import { saidBy, type SaidOptions, withSaid } from './saying.ts'

interface TasksOptions extends PageOptions {
  readonly account?: string
  readonly owner?: string
  readonly state: string
}

const columns: readonly Column[] = [
  { title: 'due', of: 'dueAt' },
  { title: 'owner', of: 'owner' },
  { title: 'title', of: 'title' },
  { title: 'account', of: 'account.id' },
  { title: 'playbook', of: 'playbook.name' },
  { title: 'state', of: 'state' },
  { title: 'task', of: 'id' },
]

const addList = (tasks: Command, sessionOf: SessionOf): void => {
  const list = tasks
    .command('list')
    .description('what playbooks ask people to do, by due time')
    .option('--account <account>', 'about this account')
    .option('--owner <name>', 'of this person')
    .addOption(new Option('--state <state>', 'in this state').choices(['open', 'done', 'cancelled']).default('open'))
  withPaging(list).action(async ({ account, owner, state, ...paging }: TasksOptions, command: Command) => {
    const session = sessionOf(command)
    const id = account === undefined ? undefined : await accountNamed(session, account)
    const query = { account: id, owner, state, ...pageQuery(paging) }
    session.printPage(
      await session.service('playbooks').call({ path: '/v1/tasks', query }),
      columns,
      'there are no such tasks',
    )
  })
}

const addDone = (tasks: Command, sessionOf: SessionOf): void => {
  const done = tasks.command('done <task>').description('a task is done').option('--note <text>', 'what came of it')
  withSaid(done).action(async (task: string, options: SaidOptions & { note?: string }, command: Command) => {
    const session = sessionOf(command)
    const { note } = options
    const body = { by: saidBy(session, options), ...(note !== undefined && { note }) }
    const path = pathOf`/v1/tasks/${task}/done`
    session.printFields(await session.service('playbooks').call({ method: 'POST', path, body }), columns)
  })
}

export const addTaskCommands = (program: Command, sessionOf: SessionOf): void => {
  const tasks = program.command('tasks').description('tasks of people')
  addList(tasks, sessionOf)
  addDone(tasks, sessionOf)
}
