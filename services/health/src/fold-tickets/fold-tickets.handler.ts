import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { Calendar } from '../domain/calendar.ts'
import { foldEvents, newestOf } from '../score-accounts/fold-events.ts'
import { readAccounts } from '../store/accounts.ts'
import { storable } from '../store/storable.ts'
import { foldTickets, type TicketState } from '../store/tickets.ts'

type TicketEvent = EventOn<'ingestion.tickets.v1'>

@Controller()
export class FoldTicketsHandler {
  constructor(private readonly calendar: Calendar) {}

  @EventPattern<TopicName>(topics.tickets.name)
  async fold(@Payload() chunk: readonly TicketEvent[], @Ctx() work: Chunk): Promise<void> {
    await foldEvents(chunk, work, this.calendar, async (events, before) => {
      await foldTickets(work.tx, events.map(stateOf))
      const byAccount = Map.groupBy(events, ({ data }) => data.accountId)
      const folded = await readAccounts(work.tx, [...byAccount.keys()], this.calendar)
      return before.map((account, index) => ({
        ...account,
        tickets: folded[index]?.tickets ?? [],
        newestTicketAt: newestOf(account.newestTicketAt, byAccount.get(account.accountId) ?? []),
      }))
    })
  }
}

const stateOf = ({ id, time, data }: TicketEvent): TicketState => ({
  accountId: data.accountId,
  source: data.source,
  ticketId: storable(data.ticketId),
  status: data.status,
  priority: data.priority,
  openedAt: new Date(data.openedAt).toISOString(),
  changedAt: time.toISOString(),
  receivedAt: new Date(data.receivedAt).toISOString(),
  eventId: storable(id),
})
