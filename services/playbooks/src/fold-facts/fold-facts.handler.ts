import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { WaitingRuns } from '../domain/ports.ts'
import { foldProfiles, foldScores } from './fold.ts'

/** Keeps what conditions see of accounts' profiles and scores, and lets runs that wait for it look again. */
@Controller()
export class FoldFactsHandler {
  constructor(private readonly waiting: WaitingRuns) {}

  @EventPattern<TopicName>(topics.profiles.name)
  async profiles(@Payload() events: readonly EventOn<'accounts.profiles.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    await this.waiting.factsChanged(chunk, await foldProfiles(chunk.tx, events))
  }

  @EventPattern<TopicName>(topics.scores.name)
  async scores(@Payload() events: readonly EventOn<'health.scores.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    await this.waiting.factsChanged(chunk, await foldScores(chunk.tx, events))
  }
}
