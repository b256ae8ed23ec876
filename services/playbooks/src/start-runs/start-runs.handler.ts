import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { Occasions, WaitingRuns } from '../domain/ports.ts'
import type { Occasion } from '../domain/occasion.ts'
import { type ChangedAccounts, foldChanges, foldJourneys, foldTickets } from '../fold-facts/fold.ts'
import { healthOccasion, journeyOccasion, ticketOccasion } from './occasion-of.ts'

/** Takes what happens to accounts: into their facts first, then to the runs that wait, then to what starts runs. */
@Controller()
export class StartRunsHandler {
  constructor(
    private readonly occasions: Occasions,
    private readonly waiting: WaitingRuns,
  ) {}

  @EventPattern<TopicName>(topics.healthChanges.name)
  async health(@Payload() events: readonly EventOn<'health.changes.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    await this.#take(chunk, await foldChanges(chunk.tx, events), events.map(healthOccasion))
  }

  @EventPattern<TopicName>(topics.journeyProgress.name)
  async journeys(@Payload() events: readonly EventOn<'journeys.progress.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    await this.#take(chunk, await foldJourneys(chunk.tx, events), events.map(journeyOccasion))
  }

  @EventPattern<TopicName>(topics.tickets.name)
  async tickets(@Payload() events: readonly EventOn<'ingestion.tickets.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    await this.#take(chunk, await foldTickets(chunk.tx, events), events.map(ticketOccasion))
  }

  async #take(chunk: Chunk, changed: ChangedAccounts, occasions: readonly Occasion[]): Promise<void> {
    await this.waiting.factsChanged(chunk, changed, this.occasions.capsOf(occasions, chunk.now))
    await this.occasions.offer(chunk, occasions)
  }
}
