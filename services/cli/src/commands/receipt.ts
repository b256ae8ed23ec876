import type { Command } from 'commander'
import { pathOf } from '../http/service-client.ts'
import type { SessionOf } from '../session.ts'

export const addReceiptCommand = (program: Command, sessionOf: SessionOf): void => {
  program
    .command('receipt <source> <messageId>')
    .description('what became of an event that was sent')
    .action(async (source: string, messageId: string, _: unknown, command: Command) => {
      const session = sessionOf(command)
      const path = pathOf`/v1/sources/${source}/receipts/${messageId}`
      const receipt = await session.service('ingestion').call({ path })
      session.printFields(receipt, [
        { title: 'state', of: 'state' },
        { title: 'reason', of: 'reason' },
        { title: 'account', of: 'accountId' },
        { title: 'person', of: 'personId' },
        { title: 'received', of: 'receivedAt' },
        { title: 'sorted', of: 'sortedAt' },
        { title: 'repeats', of: 'repeats' },
      ])
    })
}
