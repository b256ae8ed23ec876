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
    const { runner, rebuilds, timers, relay } = this.parts
    await Promise.all([runner.stop(), rebuilds?.stop()])
    await timers.stop()
    await relay.stop()
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.log.close()
  }
}
