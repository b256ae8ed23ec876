import { stopping } from '@banso/platform'
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleInit,
} from '@nestjs/common'
import type { MessagingParts } from './messaging-parts.ts'

/**
 * Starts and stops the parts in order: the relay before anything is published; on shutdown the consumers first, then
 * timers, then the relay; the log last. Database pools close after all of it.
 */
export class MessagingLifetime
  implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  constructor(private readonly parts: MessagingParts) {}

  async onModuleInit(): Promise<void> {
    await this.parts.relay.start()
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.parts.rebuilds?.start()
    this.parts.timers.start()
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { runner, rebuilds, timers, relay, presence } = this.parts
    const readers = [stopping('the consumers', runner.stop())]
    if (rebuilds) readers.push(stopping('the rebuild', rebuilds.stop()))
    await Promise.all(readers)
    await stopping('the timers', timers.stop())
    await stopping('the outbox relay', relay.stop())
    await presence.close()
  }

  async onApplicationShutdown(): Promise<void> {
    await stopping('the event log', this.parts.log.close())
  }
}
