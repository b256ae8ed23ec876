import type { Command } from 'commander'
import { stringify } from 'yaml'
import { pathOf } from '../http/service-client.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed, withAccount } from './naming-accounts.ts'

export const addWhyCommand = (program: Command, sessionOf: SessionOf): void => {
  withAccount(program.command('why'))
    .argument('<playbook>', 'its name')
    .description('why a playbook acted on an account, or why it does not now')
    .action(async (account: string, playbook: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const id = await accountNamed(session, account)
      const why = await session.service('playbooks').call({ path: pathOf`/v1/playbooks/${playbook}/why/${id}` })
      session.print(why, () => stringify(why))
    })
}
