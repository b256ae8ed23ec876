import type { Command } from 'commander'
import type { ServiceName } from '../config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { type Call, failureOf, pathOf } from '../http/service-client.ts'
import { accountScreen } from '../output/account-screen.ts'
import type { Session, SessionOf } from '../session.ts'
import { type LanguageOptions, withLanguage } from './language.ts'
import { accountOf } from './naming-accounts.ts'

const MOST_ROWS = '5'

type AccountOptions = LanguageOptions & { readonly external?: string }

interface Part {
  readonly body: unknown
  readonly fault: CommandError | null
}

/** Null where the service does not know the account; what went wrong else. */
const ask = async (session: Session, service: ServiceName, call: Call): Promise<Part> => {
  try {
    const answer = await session.service(service).ask(call)
    if (answer.status === 404) return { body: null, fault: null }
    return answer.status < 300 ? { body: answer.body, fault: null } : { body: null, fault: failureOf(service, answer) }
  } catch (fault) {
    if (fault instanceof CommandError) return { body: null, fault }
    throw fault
  }
}

const partsOf = async (session: Session, id: string, lang: string | undefined): Promise<Record<string, Part>> => {
  const runs = { account: id, limit: MOST_ROWS }
  const [profile, score, journey, tickets, lastRuns, tasks] = await Promise.all([
    ask(session, 'accounts', { path: pathOf`/v1/accounts/${id}` }),
    ask(session, 'health', { path: pathOf`/v1/accounts/${id}/score`, query: { lang } }),
    ask(session, 'journeys', { path: pathOf`/v1/accounts/${id}/journey` }),
    ask(session, 'health', { path: pathOf`/v1/accounts/${id}/tickets`, query: { limit: MOST_ROWS } }),
    ask(session, 'playbooks', { path: '/v1/runs', query: runs }),
    ask(session, 'playbooks', { path: '/v1/tasks', query: { ...runs, state: 'open' } }),
  ])
  return { profile, score, journey, tickets, runs: lastRuns, tasks }
}

export const addAccountCommand = (program: Command, sessionOf: SessionOf): void => {
  const account = program
    .command('account [account]')
    .description('one account: its score and why, its stage, tickets, runs and open tasks')
    .option('--external <id>', 'the account by the id that the product knows it by')
  withLanguage(account).action(
    async (named: string | undefined, { external, lang }: AccountOptions, command: Command) => {
      const session = sessionOf(command)
      const id = await accountOf(session, named, external)
      const parts = await partsOf(session, id, lang)
      const all = Object.values(parts)
      const fault = all.find((part) => part.fault !== null)?.fault
      const known = [parts['profile'], parts['score'], parts['journey']].some((part) => part?.body)
      if (!known && !fault) throw new CommandError(EXIT.refused, `no service knows an account ${id}`)
      const view = { id, ...Object.fromEntries(Object.entries(parts).map(([name, { body }]) => [name, body])) }
      if (known) session.print(view, () => accountScreen(view))
      if (fault) throw fault
    },
  )
}
