import type { Command } from 'commander'
import { CommandError, EXIT } from '../exit-codes.ts'
import { LONG_WORK_MS } from '../http/service-client.ts'
import { valueAt } from '../json.ts'
import { cellText } from '../output/table.ts'
import type { SessionOf } from '../session.ts'
import { pageQuery, type PageOptions, withPaging } from './paging.ts'
import { pickOf, type PickOptions, withPicking } from './picking.ts'

interface ListOptions extends PageOptions {
  readonly source?: string
  readonly reason?: string
}

const addList = (quarantine: Command, sessionOf: SessionOf): void => {
  withPaging(quarantine.command('list').description('what waits for an account, oldest first'))
    .option('--source <source>', 'of this source only')
    .option('--reason <reason>', 'held back for this reason only')
    .action(async ({ source, reason, ...paging }: ListOptions, command: Command) => {
      const session = sessionOf(command)
      const query = { ...pageQuery(paging), source, reason }
      const page = await session.service('ingestion').call({ path: '/v1/quarantine', query })
      session.printPage(
        page,
        [
          { title: 'id', of: 'id' },
          { title: 'source', of: 'source' },
          { title: 'message id', of: 'messageId' },
          { title: 'reason', of: 'reason' },
          { title: 'since', of: 'quarantinedAt' },
          { title: 'redriven', of: 'redrivenAt' },
        ],
        'nothing is quarantined',
      )
    })
}

const addRedrive = (quarantine: Command, sessionOf: SessionOf): void => {
  withPicking(quarantine.command('redrive').description('try again to tell the accounts of quarantined events'))
    .option('--reason <reason>', 'with --all: those held back for this reason only')
    .action(async (ids: readonly string[], options: PickOptions & { reason?: string }, command: Command) => {
      const session = sessionOf(command)
      const { all, reason } = options
      if (reason !== undefined && !all) throw new CommandError(EXIT.usage, '--reason goes with --all')
      const body = { ...pickOf(ids, options), ...(reason !== undefined && { reason }) }
      const call = { method: 'POST', path: '/v1/quarantine/redrive', body, withinMs: LONG_WORK_MS } as const
      const answer = await session.service('ingestion').call(call)
      session.print(answer, () => `redriven: ${cellText(valueAt(answer, 'redriven'))}\n`)
    })
}

export const addQuarantineCommands = (program: Command, sessionOf: SessionOf): void => {
  const quarantine = program.command('quarantine').description('events whose account could not be told')
  addList(quarantine, sessionOf)
  addRedrive(quarantine, sessionOf)
}
