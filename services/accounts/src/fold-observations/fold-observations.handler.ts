import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { publishProfile } from '../publish-profiles/publish-profile.ts'
import { observe } from '../store/account-ledger.ts'
import { observationOf } from './observation-of.ts'

@Controller()
export class FoldObservationsHandler {
  @EventPattern<TopicName>(topics.observations.name)
  async fold(@Payload() events: readonly EventOn<'ingestion.observations.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    const news = await observe(chunk.tx, events.map(observationOf))
    for (const profile of news) publishProfile(chunk, profile)
  }
}
