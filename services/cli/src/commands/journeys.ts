import type { Command } from 'commander'
import { pathOf } from '../http/service-client.ts'
import { journeyLines } from '../output/journey-lines.ts'
import type { SessionOf } from '../session.ts'
import { accountNamed, withAccount } from './naming-accounts.ts'
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
  const milestones = program.command('milestones').description('milestones that only people can tell of')
  addReach(milestones, sessionOf)
  addTakeBack(milestones, sessionOf)
}
