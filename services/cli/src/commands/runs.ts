import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { pathOf } from '../http/service-client.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed } from './naming-accounts.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'

interface RunsOptions extends PageOptions {
  readonly account?: string
  readonly playbook?: string
  readonly state?: string
}

const addList = (runs: Command, sessionOf: SessionOf): void => {
  const list = runs
    .command('list')
    .description('what playbooks did or held back, newest first')
    .option('--account <account>', 'of this account')
    .option('--playbook <name>', 'of this playbook')
    .addOption(new Option('--state <state>', 'in this state: running, done, failed, held-back, …'))
  withPaging(list).action(async ({ account, playbook, state, ...paging }: RunsOptions, command: Command) => {
    const session = sessionOf(command)
    const id = account === undefined ? undefined : await accountNamed(session, account)
    const query = { account: id, playbook, state, ...pageQuery(paging) }
    session.printPage(
      await session.service('playbooks').call({ path: '/v1/runs', query }),
      [
        { title: 'run', of: 'id' },
        { title: 'playbook', of: 'playbook.name' },
        { title: 'version', of: 'playbook.version' },
        { title: 'account', of: 'account.id' },
        { title: 'state', of: 'state' },
        { title: 'reason', of: 'reason' },
        { title: 'decided', of: 'decidedAt' },
      ],
      'there are no such runs',
    )
  })
}

const addShow = (runs: Command, sessionOf: SessionOf): void => {
  runs
    .command('show <run>')
    .description('a run: why it started or was held back, its steps, its actions with each attempt')
    .action(async (run: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const shown = await session.service('playbooks').call({ path: pathOf`/v1/runs/${run}` })
      session.print(shown, () => stringify(shown))
    })
}

export const addRunCommands = (program: Command, sessionOf: SessionOf): void => {
  const runs = program.command('runs').description('runs of playbooks')
  addList(runs, sessionOf)
  addShow(runs, sessionOf)
}
