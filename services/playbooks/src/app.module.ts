import { logSettings, MessagingModule, Timers } from '@banso/messaging'
import { Clock, LOGGER, type Logger, PlatformModule } from '@banso/platform'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { DataSource } from 'typeorm'
import type { PlaybooksConfig } from './config.ts'
import { PlaybooksController, TARGET_POLICY } from './keep-playbooks/playbooks.controller.ts'
import { RunsController } from './read-runs/runs.controller.ts'
import { SendWebhookHandler } from './send-webhook/send-webhook.handler.ts'
import type { TargetPolicy } from './send-webhook/targets.ts'
import { WebhookClient } from './send-webhook/webhook-client.ts'
import { ActivePlaybooks } from './start-runs/active-playbooks.ts'
import { StartRunsHandler } from './start-runs/start-runs.handler.ts'
import { dataSourceOptions } from './store/data-source.ts'
import { Deliveries } from './store/deliveries.ts'
import { lockAccounts } from './store/lock-accounts.ts'
import { Playbooks } from './store/playbooks.ts'
import { RunReads } from './store/run-reads.ts'
import { Runs } from './store/runs.ts'
import { SecretBox } from './store/secret-box.ts'

const targetPolicyOf = (config: PlaybooksConfig): TargetPolicy => ({
  plainHttp: config.BANSO_ENV === 'development',
  privateTargets: config.BANSO_ALLOW_PRIVATE_TARGETS,
})

const storesOf = (config: PlaybooksConfig): Provider[] => {
  const secrets = new SecretBox(config.BANSO_MASTER_KEY)
  return [
    { provide: Playbooks, inject: [DataSource], useFactory: (source: DataSource) => new Playbooks(source, secrets) },
    { provide: Deliveries, inject: [DataSource], useFactory: (source: DataSource) => new Deliveries(source, secrets) },
    { provide: RunReads, inject: [DataSource], useFactory: (source: DataSource) => new RunReads(source) },
    { provide: Runs, useFactory: () => new Runs() },
    {
      provide: ActivePlaybooks,
      inject: [Playbooks, LOGGER],
      useFactory: (playbooks: Playbooks, logger: Logger) => new ActivePlaybooks(playbooks, logger),
    },
  ]
}

const webhooksOf = (config: PlaybooksConfig): Provider[] => [
  { provide: TARGET_POLICY, useValue: targetPolicyOf(config) },
  {
    provide: WebhookClient,
    useFactory: () =>
      new WebhookClient(targetPolicyOf(config), {
        timeoutMs: config.PLAYBOOKS_WEBHOOK_TIMEOUT_MS,
        connections: config.PLAYBOOKS_WEBHOOKS_AT_ONCE,
      }),
  },
  {
    provide: SendWebhookHandler,
    inject: [Timers, Deliveries, WebhookClient, Clock],
    useFactory: (timers: Timers, deliveries: Deliveries, client: WebhookClient, clock: Clock) =>
      new SendWebhookHandler(timers, deliveries, client, clock, config.PLAYBOOKS_WEBHOOKS_AT_ONCE),
  },
]

@Module({})
export class AppModule {
  /** `clock`: the system's, unless one is given. */
  static forConfig(config: PlaybooksConfig, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          service: 'playbooks',
          settings: config,
          token: config.BANSO_SERVICE_TOKEN_PLAYBOOKS,
          database: dataSourceOptions(config.PLAYBOOKS_DATABASE_URL),
          ...(clock && { clock }),
        }),
        MessagingModule.forRoot({ service: 'playbooks', log: logSettings(config), lockKeys: lockAccounts }),
      ],
      controllers: [StartRunsHandler, PlaybooksController, RunsController],
      providers: [...storesOf(config), ...webhooksOf(config)],
    }
  }
}
