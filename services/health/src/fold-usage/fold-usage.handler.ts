import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { Calendar } from '../domain/calendar.ts'
import { foldEvents, newestOf } from '../score-accounts/fold-events.ts'
import { addUses } from '../store/usage-facts.ts'
import { foldUses } from './fold-uses.ts'
import { useOf } from './use-of.ts'

@Controller()
export class FoldUsageHandler {
  constructor(private readonly calendar: Calendar) {}

  @EventPattern<TopicName>(topics.usageEvents.name)
  async fold(@Payload() chunk: readonly EventOn<'ingestion.usage-events.v1'>[], @Ctx() work: Chunk): Promise<void> {
    await foldEvents(chunk, work, this.calendar, async (events, before, today) => {
      const news = await addUses(
        work.tx,
        events.map((event) => useOf(event, this.calendar)),
      )
      const byAccount = Map.groupBy(events, ({ data }) => data.accountId)
      const after = await foldUses(work.tx, before, news, today)
      return after.map((account) => ({
        ...account,
        newestUsageAt: newestOf(account.newestUsageAt, byAccount.get(account.accountId) ?? []),
      }))
    })
  }
}
