import type { Command } from 'commander'
import { valueAt } from '../json.ts'
import { cellText } from '../output/table.ts'
import type { SessionOf } from '../program.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'
import { pickOf, type PickOptions, withPicking } from './picking.ts'

const addList = (quarantine: Command, sessionOf: SessionOf): void => {
  withPaging(quarantine.command('list').description('what waits for an account')).action(
    async (options: PageOptions, command: Command) => {
      const session = sessionOf(command)
      const page = await session.service('ingestion').call({ path: '/v1/quarantine', query: pageQuery(options) })
      session.printPage(
        page,
        [
          { title: 'id', of: 'id' },
          { title: 'source', of: 'source' },
          { title: 'message id', of: 'messageId' },
          { title: 'reason', of: 'reason' },
          { title: 'since', of: 'quarantinedAt' },
        ],
        'nothing is quarantined',
      )
    },
  )
}

const addRedrive = (quarantine: Command, sessionOf: SessionOf): void => {
  const redrive = quarantine.command('redrive').description('try again to tell the accounts of quarantined events')
  withPicking(redrive).action(async (ids: readonly string[], options: PickOptions, command: Command) => {
    const session = sessionOf(command)
    const body = pickOf(ids, options)
    const answer = await session.service('ingestion').call({ method: 'POST', path: '/v1/quarantine/redrive', body })
    session.print(answer, () => `redriven: ${cellText(valueAt(answer, 'redriven'))}\n`)
  })
}

export const addQuarantineCommands = (program: Command, sessionOf: SessionOf): void => {
  const quarantine = program.command('quarantine').description('events whose account could not be told')
  addList(quarantine, sessionOf)
  addRedrive(quarantine, sessionOf)
}
