import { type TopicName, topics } from '@banso/contracts'
import type { Chunk, EventOn } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { PersonKeys } from '../store/person-keys.ts'

/** Keeps the wrapped data keys by which sealed addresses are opened. */
@Controller()
export class KeepKeysHandler {
  constructor(private readonly keys: PersonKeys) {}

  @EventPattern<TopicName>(topics.personKeys.name)
  async keep(@Payload() events: readonly EventOn<'ingestion.person-keys.v1'>[], @Ctx() { tx }: Chunk): Promise<void> {
    const latest = new Map(events.map(({ data: { subject, wrappedKey } }) => [subject, wrappedKey]))
    await this.keys.keep(
      tx,
      [...latest].map(([subject, wrappedKey]) => ({ subject, wrappedKey: Buffer.from(wrappedKey, 'base64') })),
    )
  }
}
