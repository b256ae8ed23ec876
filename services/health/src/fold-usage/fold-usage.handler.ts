import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { Calendar } from '@banso/platform'
import { foldEvents, newestOf } from '../score-accounts/fold-events.ts'
import { ScoringBases } from '../store/scoring-bases.ts'
import { addUses } from '../store/usage-facts.ts'
import { foldUses } from './fold-uses.ts'
import { knowledgeOf } from './knowledge-of.ts'
import { useOf } from './use-of.ts'

@Controller()
export class FoldUsageHandler {
  constructor(
    private readonly calendar: Calendar,
    private readonly bases: ScoringBases,
  ) {}

  @EventPattern<TopicName>(topics.usageEvents.name)
  async fold(@Payload() chunk: readonly EventOn<'ingestion.usage-events.v1'>[], @Ctx() work: Chunk): Promise<void> {
    const { calendar, bases } = this
    await foldEvents(chunk, work, {
      kind: 'usage',
      bases,
      calendar,
      fold: async (events, day) => {
        const news = await addUses(
          work.tx,
          events.map((event) => useOf(event, calendar)),
          knowledgeOf(day.accounts),
        )
        const byAccount = Map.groupBy(events, ({ data }) => data.accountId)
        const folded = await foldUses(work.tx, day, news)
        return folded.map(({ late, after }) => ({
          late,
          after: { ...after, newestUsageAt: newestOf(after.newestUsageAt, byAccount.get(after.accountId) ?? []) },
        }))
      },
    })
  }
}
