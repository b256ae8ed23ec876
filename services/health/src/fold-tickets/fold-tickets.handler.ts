import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { isDeepStrictEqual } from 'node:util'
import { Calendar, storable } from '@banso/platform'
import { isLate } from '../domain/rescore.ts'
import { foldEvents, newestOf } from '../score-accounts/fold-events.ts'
import type { Support } from '../store/account.ts'
import { readSupport } from '../store/accounts.ts'
import { ScoringBases } from '../store/scoring-bases.ts'
import { foldTickets, type TicketState } from '../store/tickets.ts'

type TicketEvent = EventOn<'ingestion.tickets.v1'>

@Controller()
export class FoldTicketsHandler {
  constructor(
    private readonly calendar: Calendar,
    private readonly bases: ScoringBases,
  ) {}

  @EventPattern<TopicName>(topics.tickets.name)
  async fold(@Payload() chunk: readonly TicketEvent[], @Ctx() work: Chunk): Promise<void> {
    const { calendar, bases } = this
    await foldEvents(chunk, work, {
      kind: 'tickets',
      bases,
      calendar,
      fold: async (events, { accounts, receivedOn, day }) => {
        await foldTickets(
          work.tx,
          events.map((event) => stateOf(event, calendar)),
        )
        const byAccount = Map.groupBy(events, ({ data }) => data.accountId)
        const support = await readSupport(work.tx, [...byAccount.keys()], { calendar, day })
        return accounts.map((account) => {
          const heard = byAccount.get(account.accountId) ?? []
          const after = { ...account, ...kept(account, support.get(account.accountId)) }
          // Of a chunk with late and new events of an account, what they change together is new.
          const late = heard.every(({ time }) => isLate(calendar.dayOf(time), receivedOn)) ? after : account
          return { late, after: { ...after, newestTicketAt: newestOf(account.newestTicketAt, heard) } }
        })
      },
    })
  }
}

// What says the same stays the same object: it is not scored again.
const kept = (before: Support, after: Support | undefined): Support => ({
  tickets: after && !isDeepStrictEqual(before.tickets, after.tickets) ? after.tickets : before.tickets,
  ratings: after && !isDeepStrictEqual(before.ratings, after.ratings) ? after.ratings : before.ratings,
})

const stateOf = ({ id, time, data }: TicketEvent, calendar: Calendar): TicketState => ({
  accountId: data.accountId,
  source: data.source,
  ticketId: storable(data.ticketId),
  status: data.status,
  priority: data.priority,
  openedAt: new Date(data.openedAt).toISOString(),
  rating: 'rating' in data ? data.rating : null,
  changedAt: time.toISOString(),
  changedOn: calendar.dayOf(time),
  receivedAt: new Date(data.receivedAt).toISOString(),
  eventId: storable(id),
})
