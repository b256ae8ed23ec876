import { Argument, type Command } from 'commander'
import { services, type ServiceName } from '../config.ts'
import { LONG_WORK_MS } from '../http/service-client.ts'
import { valueAt } from '../json.ts'
import { cellText } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'
import { pickOf, type PickOptions, withPicking } from './picking.ts'

const serviceArgument = () => new Argument('<service>').choices(services)

const addList = (dead: Command, sessionOf: SessionOf): void => {
  const list = dead.command('list').description('the dead messages of a service').addArgument(serviceArgument())
  withPaging(list).action(async (name: ServiceName, options: PageOptions, command: Command) => {
    const session = sessionOf(command)
    const page = await session.service(name).call({ path: '/v1/operations/dead', query: pageQuery(options) })
    session.printPage(
      page,
      [
        { title: 'id', of: 'id' },
        { title: 'type', of: 'type' },
        { title: 'key', of: 'key' },
        { title: 'reason', of: 'reason' },
        { title: 'message', of: 'message' },
        { title: 'attempts', of: 'attempts' },
        { title: 'died', of: 'diedAt' },
      ],
      `${name} has no dead messages`,
    )
  })
}

const addReplay = (dead: Command, sessionOf: SessionOf): void => {
  const replay = dead
    .command('replay')
    .description('handle dead messages again, each behind what is parked for its key')
    .addArgument(serviceArgument())
  withPicking(replay).action(
    async (name: ServiceName, ids: readonly string[], options: PickOptions, command: Command) => {
      const session = sessionOf(command)
      const body = pickOf(ids, options)
      const call = { method: 'POST', path: '/v1/operations/dead/replay', body, withinMs: LONG_WORK_MS } as const
      const answer = await session.service(name).call(call)
      session.print(
        answer,
        () => `replayed ${cellText(valueAt(answer, 'replayed'))} of ${cellText(valueAt(answer, 'counted'))}\n`,
      )
    },
  )
}

export const addDeadCommands = (program: Command, sessionOf: SessionOf): void => {
  const dead = program.command('dead').description('messages that a service gave up on')
  addList(dead, sessionOf)
  addReplay(dead, sessionOf)
}
