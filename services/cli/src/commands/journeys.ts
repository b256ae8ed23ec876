import { type Command, Option } from 'commander'
import { pathOf } from '../http/service-client.ts'
import { listAt, valueAt } from '../json.ts'
import { journeyLines } from '../output/journey-lines.ts'
import { renderTable } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed, withAccount } from './naming-accounts.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'
import { saidBy, type SaidOptions, withSaid } from './saying.ts'

const addJourney = (program: Command, sessionOf: SessionOf): void => {
  withAccount(program.command('journey'))
    .description('where an account stands, since when and why')
    .action(async (account: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const path = pathOf`/v1/accounts/${await accountNamed(session, account)}/journey`
      const journey = await session.service('journeys').call({ path })
      session.print(journey, () => journeyLines(journey).join(''))
    })
}

/** What may be said of an account's progress, the gravest last. */
const STATES = ['on-track', 'behind', 'stuck', 'stalled', 'dormant'] as const

const addBoard = (journeys: Command, sessionOf: SessionOf): void => {
  journeys
    .command('board <journey>')
    .description('how many accounts are in each stage, by the gravest that is to be said of them')
    .action(async (journey: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const board = await session.service('journeys').call({ path: pathOf`/v1/journeys/${journey}/board` })
      session.print(board, () =>
        renderTable(listAt(board, 'stages'), [
          { title: 'stage', of: 'stage' },
          { title: 'accounts', of: 'accounts' },
          ...STATES.map((state) => ({ title: state, of: (row: unknown) => valueAt(row, `states.${state}`) ?? 0 })),
          { title: 'at-risk', of: 'atRisk' },
        ]),
      )
    })
}

interface JourneyAccountsOptions extends PageOptions {
  readonly stage?: string
  readonly state?: string
}

const addAccounts = (journeys: Command, sessionOf: SessionOf): void => {
  const accounts = journeys
    .command('accounts <journey>')
    .description('the accounts on a journey: since when where, and why they stand so')
    .option('--stage <stage>', 'in this stage')
    .addOption(new Option('--state <state>', 'of which this is the gravest to be said').choices(STATES))
  withPaging(accounts).action(
    async (journey: string, { stage, state, ...paging }: JourneyAccountsOptions, command: Command) => {
      const session = sessionOf(command)
      const call = { path: pathOf`/v1/journeys/${journey}/accounts`, query: { stage, state, ...pageQuery(paging) } }
      session.printPage(
        await session.service('journeys').call(call),
        [
          { title: 'stage', of: 'stage' },
          { title: 'since', of: 'since' },
          { title: 'state', of: 'standing' },
          { title: 'at risk', of: (row) => (valueAt(row, 'atRisk') === true ? 'yes' : 'no') },
          { title: 'name', of: 'name' },
          { title: 'external id', of: 'externalId' },
          { title: 'account', of: 'accountId' },
          { title: 'why', of: 'reason' },
        ],
        'there are no such accounts',
      )
    },
  )
}

const addReach = (milestones: Command, sessionOf: SessionOf): void => {
  const reach = withAccount(milestones.command('reach')).argument('<milestone>', 'its name')
  withSaid(
    reach.description('say that an account has reached a milestone').requiredOption('--note <text>', 'how it is known'),
  ).action(async (account: string, milestone: string, options: SaidOptions & { note: string }, command: Command) => {
    const session = sessionOf(command)
    const id = await accountNamed(session, account)
    const body = { note: options.note, by: saidBy(session, options) }
    const path = pathOf`/v1/accounts/${id}/milestones/${milestone}`
    const answer = await session.service('journeys').call({ method: 'POST', path, body })
    session.print(answer, () => `${milestone} is reached\n`)
  })
}

const addTakeBack = (milestones: Command, sessionOf: SessionOf): void => {
  withAccount(milestones.command('take-back'))
    .argument('<milestone>', 'its name')
    .description('take back what somebody said of a milestone')
    .action(async (account: string, milestone: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const path = pathOf`/v1/accounts/${await accountNamed(session, account)}/milestones/${milestone}`
      const answer = await session.service('journeys').call({ method: 'DELETE', path })
      session.print(answer, () => `${milestone} is not reached\n`)
    })
}

export const addJourneyCommands = (program: Command, sessionOf: SessionOf): void => {
  addJourney(program, sessionOf)
  const journeys = program.command('journeys').description('all accounts of a journey')
  addBoard(journeys, sessionOf)
  addAccounts(journeys, sessionOf)
  const milestones = program.command('milestones').description('milestones that only people can tell of')
  addReach(milestones, sessionOf)
  addTakeBack(milestones, sessionOf)
}
