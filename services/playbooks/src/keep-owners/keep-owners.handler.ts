import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { storable } from '@banso/platform'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { AccountOwners, type OwnerSaid } from '../store/account-owners.ts'

const ownerSaid = ({ id, time, data }: EventOn<'ingestion.observations.v1'>): OwnerSaid[] => {
  const { accountId, sealed, traits } = data
  const openly = Object.hasOwn(traits, 'owner')
  return sealed === undefined && !openly
    ? []
    : [{ accountId, saidAt: time, saidBy: storable(id), openly, sealed: sealed ?? null }]
}

/**
 * Keeps what is said of accounts' owners, event by event: a profile carries the latest sealed field alone, and accounts,
 * which has no keys, cannot tell whether that one names an owner.
 */
@Controller()
export class KeepOwnersHandler {
  constructor(private readonly owners: AccountOwners) {}

  @EventPattern<TopicName>(topics.observations.name, { types: ['ingestion.account-observed.v1'] })
  async keep(@Payload() events: readonly EventOn<'ingestion.observations.v1'>[], @Ctx() { tx }: Chunk): Promise<void> {
    await this.owners.keep(tx, events.flatMap(ownerSaid))
  }
}
