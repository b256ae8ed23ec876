import type { Command } from 'commander'
import { pathOf } from '../http/service-client.ts'
import { listAt } from '../json.ts'
import { cellText } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { type LanguageOptions, withLanguage } from './language.ts'
import { accountNamed, withAccount } from './naming-accounts.ts'

export const addWhyCommand = (program: Command, sessionOf: SessionOf): void => {
  const why = withAccount(program.command('why'))
    .argument('<playbook>', 'its name')
    .description('why a playbook acted on an account or did not, and whether it would now')
  withLanguage(why).action(async (account: string, playbook: string, { lang }: LanguageOptions, command: Command) => {
    const session = sessionOf(command)
    const id = await accountNamed(session, account)
    const path = pathOf`/v1/playbooks/${playbook}/why/${id}`
    const answer = await session.service('playbooks').call({ path, query: { lang } })
    session.print(answer, () =>
      listAt(answer, 'text')
        .map((line) => `${cellText(line)}\n`)
        .join(''),
    )
  })
}
