// A small event service: it notes what it handles, fails when told to, and publishes a change per event.
import { type TopicName, topics } from '@banso/contracts'
import {
  migrate,
  parseConfig,
  PlatformModule,
  platformSettings,
  type PlatformSettings,
  serviceDatabase,
} from '@banso/platform'
import { accountScored, bandChanged, createMigratedDatabase, type TestDatabase } from '@banso/testing'
import { Controller, type DynamicModule, Module, type OnModuleInit, type Type } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import Schema from 'typebox'
import { DataSource, type EntityManager } from 'typeorm'
import type { EventOn } from '../src/events.ts'
import { MessagingModule } from '../src/messaging.module.ts'
import type { RebuildOptions } from '../src/runner/rebuild/rebuild-options.ts'
import { messagingEntities, messagingMigrations } from '../src/schema.ts'
import type { LogSettings } from '../src/settings.ts'
import type { Chunk } from '../src/work.ts'

export const TOKEN = 'token-of-the-ledger-service'

const settings = parseConfig(Schema.Object(platformSettings), { BANSO_LOG_LEVEL: 'silent', BANSO_ENV: 'development' })

/** What the handlers of a test saw, and what they shall do. */
export const script = {
  inits: 0,
  batches: [] as number[],
  fail: undefined as ((id: string) => Error | undefined) | undefined,
  pause: undefined as ((ids: readonly string[]) => Promise<void>) | undefined,
}

@Controller()
export class LedgerHandler implements OnModuleInit {
  onModuleInit(): void {
    script.inits += 1
  }

  @EventPattern<TopicName>(topics.usageEvents.name)
  async note(@Payload() events: readonly EventOn<'ingestion.usage-events.v1'>[], @Ctx() chunk: Chunk): Promise<void> {
    script.batches.push(events.length)
    for (const { id, key, time } of events) {
      const fault = script.fail?.(id)
      if (fault) throw fault
      chunk.publish(bandChanged({}, { key, time }))
    }
    await chunk.tx.query('INSERT INTO effect (key, id) SELECT * FROM unnest($1::text[], $2::text[])', [
      events.map(({ key }) => key),
      events.map(({ id }) => id),
    ])
    await script.pause?.(events.map(({ id }) => id))
  }
}

/** Wants only one of the types of its topic. */
@Controller()
export class OpenedHandler {
  @EventPattern<TopicName>(topics.tickets.name, { types: ['ingestion.ticket-opened.v1'] })
  async note(@Payload() events: readonly EventOn<'ingestion.tickets.v1'>[], @Ctx() { tx }: Chunk): Promise<void> {
    for (const { key, type } of events) await tx.query('INSERT INTO effect (key, id) VALUES ($1, $2)', [key, type])
  }
}

/** Claims a topic that has a handler. */
@Controller()
export class SecondHandler {
  @EventPattern<TopicName>(topics.usageEvents.name)
  async note(): Promise<void> {}
}

const lockKeys = async (tx: EntityManager, keys: readonly string[]): Promise<void> => {
  await tx.query('INSERT INTO account (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [keys])
  await tx.query('SELECT FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE', [keys])
}

const rebuild: RebuildOptions = {
  clear: (tx) => tx.query('DELETE FROM effect'),
  republish: async (work, afterKey) => {
    if (afterKey !== null) return null
    work.publish(accountScored({}, { key: 'present' }))
    return 'present'
  },
}

const options = (url: string) =>
  serviceDatabase({ service: 'health', url, entities: messagingEntities, migrations: messagingMigrations })

export const ledgerDatabase = (): Promise<TestDatabase> =>
  createMigratedDatabase('ledger', async (url) => {
    await migrate(options(url))
    const source = await new DataSource({ type: 'postgres', url }).initialize()
    await source.query('CREATE TABLE account (id text PRIMARY KEY)')
    await source.query('CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, key text, id text)')
    await source.destroy()
  })

@Module({})
class LedgerModule {}

export const ledgerModule = (
  url: string,
  log: LogSettings,
  controllers: Type[],
  onCrash = unexpected,
  more: Partial<PlatformSettings> = {},
): DynamicModule => ({
  module: LedgerModule,
  imports: [
    PlatformModule.forRoot({
      service: 'health',
      settings: { ...settings, ...more },
      token: TOKEN,
      database: options(url),
    }),
    MessagingModule.forRoot({ service: 'health', log, lockKeys, rebuild, onCrash }),
  ],
  controllers,
})

const unexpected = (fault: unknown): void => {
  throw new Error('the consumption crashed', { cause: fault })
}
