// The part of the composition root that performs actions.
import { Blueprints, type BlueprintKind } from '@banso/blueprints'
import { Transactions } from '@banso/messaging'
import { Clock, LOGGER, type Logger, MasterKey, Tracing } from '@banso/platform'
import type { Provider } from '@nestjs/common'
import { Registry } from 'prom-client'
import { DataSource } from 'typeorm'
import type { PlaybooksConfig } from './config.ts'
import { ActionTimers } from './control-playbooks/action-timers.ts'
import { Actions, FactsOf, SettledActions } from './domain/ports.ts'
import { KeepKeysHandler } from './keep-keys/keep-keys.handler.ts'
import { KeepOwnersHandler } from './keep-owners/keep-owners.handler.ts'
import { MakeTaskHandler } from './make-task/make-task.handler.ts'
import { TaskTexts } from './make-task/task-text.ts'
import { TasksController } from './make-task/tasks.controller.ts'
import { contentKind, type ContentSpec } from './render-content/content.kind.ts'
import { Templates } from './render-content/templates.ts'
import { MailClient } from './send-mail/mail-client.ts'
import { MailSender } from './send-mail/mail-sender.ts'
import { SendMailHandler } from './send-mail/send-mail.handler.ts'
import { SendWebhookHandler } from './send-webhook/send-webhook.handler.ts'
import { SlackBodies } from './send-webhook/slack-body.ts'
import type { TargetPolicy } from './send-webhook/targets.ts'
import { WebhookClient } from './send-webhook/webhook-client.ts'
import { WebhookSender } from './send-webhook/webhook-sender.ts'
import { ActionsController } from './show-actions/actions.controller.ts'
import { RedriveAction } from './show-actions/redrive-action.ts'
import { ActionMetrics } from './start-actions/action-metrics.ts'
import { SettleAction } from './start-actions/settle-action.ts'
import { StartActions } from './start-actions/start-actions.ts'
import { AccountOwners } from './store/account-owners.ts'
import { ActionReads } from './store/action-reads.ts'
import { Contents } from './store/contents.ts'
import { Deliveries } from './store/deliveries.ts'
import { Endpoints } from './store/endpoints.ts'
import { PersonKeys } from './store/person-keys.ts'
import { SecretBox } from './store/secret-box.ts'
import { Tasks } from './store/tasks.ts'

export const actionControllers = [KeepKeysHandler, KeepOwnersHandler, TasksController, ActionsController]

/** What templates and contents are read by: one for the whole service. */
export interface ContentParts {
  readonly templates: Templates
  readonly kind: BlueprintKind<typeof ContentSpec>
}

export const contentPartsOf = (config: PlaybooksConfig): ContentParts => {
  const templates = new Templates(config.BANSO_TIMEZONE)
  return { templates, kind: contentKind(templates) }
}

export const targetPolicyOf = (config: PlaybooksConfig): TargetPolicy => ({
  plainHttp: config.BANSO_ENV === 'development',
  privateTargets: config.BANSO_ALLOW_PRIVATE_TARGETS,
})

const mailClientOf = (config: PlaybooksConfig): MailClient | null =>
  config.SMTP_URL === undefined
    ? null
    : new MailClient({
        url: config.SMTP_URL,
        plainText: config.BANSO_SMTP_PLAIN_TEXT || config.BANSO_ENV === 'development',
        timeoutMs: config.PLAYBOOKS_MAIL_TIMEOUT_MS,
        connections: config.PLAYBOOKS_MAILS_AT_ONCE,
      })

const storesOf = (config: PlaybooksConfig): Provider[] => {
  const [secrets, masterKey] = [new SecretBox(config.BANSO_MASTER_KEY), new MasterKey(config.BANSO_MASTER_KEY)]
  return [
    { provide: Deliveries, inject: [DataSource], useFactory: (source: DataSource) => new Deliveries(source) },
    { provide: Endpoints, inject: [DataSource], useFactory: (source: DataSource) => new Endpoints(source, secrets) },
    {
      provide: AccountOwners,
      inject: [DataSource],
      useFactory: (source: DataSource) => new AccountOwners(source, masterKey),
    },
    { provide: PersonKeys, useFactory: () => new PersonKeys() },
    { provide: Tasks, inject: [DataSource], useFactory: (source: DataSource) => new Tasks(source) },
    { provide: ActionReads, inject: [DataSource], useFactory: (source: DataSource) => new ActionReads(source) },
    {
      provide: Contents,
      inject: [DataSource, Blueprints],
      useFactory: (source: DataSource, blueprints: Blueprints) => new Contents(source, blueprints),
    },
  ]
}

const takingOf = (config: PlaybooksConfig, { templates }: ContentParts): Provider[] => [
  {
    provide: Actions,
    inject: [Deliveries, Contents, FactsOf],
    useFactory: (deliveries: Deliveries, contents: Contents, facts: FactsOf) =>
      new StartActions(deliveries, contents, facts, templates, targetPolicyOf(config)),
  },
  { provide: ActionMetrics, inject: [Registry], useFactory: (registry: Registry) => new ActionMetrics(registry) },
  {
    provide: SettleAction,
    inject: [Deliveries, SettledActions, ActionMetrics, LOGGER],
    useFactory: (deliveries: Deliveries, runs: SettledActions, metrics: ActionMetrics, logger: Logger) =>
      new SettleAction(deliveries, runs, metrics, logger),
  },
  {
    provide: RedriveAction,
    inject: [Transactions, ActionReads, Deliveries, Endpoints, SettledActions],
    useFactory: (
      transactions: Transactions,
      actions: ActionReads,
      deliveries: Deliveries,
      endpoints: Endpoints,
      runs: SettledActions,
    ) => new RedriveAction(transactions, actions, deliveries, endpoints, runs),
  },
]

const webhooksOf = (config: PlaybooksConfig, { templates }: ContentParts): Provider[] => [
  {
    provide: WebhookSender,
    inject: [Deliveries, Endpoints, Contents, Clock, Tracing],
    useFactory: (deliveries: Deliveries, endpoints: Endpoints, contents: Contents, clock: Clock, tracing: Tracing) => {
      const slack = new SlackBodies(templates, contents, config.BANSO_LANGUAGE)
      const limits = {
        timeoutMs: config.PLAYBOOKS_WEBHOOK_TIMEOUT_MS,
        connections: config.PLAYBOOKS_WEBHOOKS_AT_ONCE,
      }
      const client = new WebhookClient(targetPolicyOf(config), limits, tracing)
      return new WebhookSender(deliveries, endpoints, templates, slack, client, clock)
    },
  },
  {
    provide: SendWebhookHandler,
    inject: [ActionTimers, Deliveries, Endpoints, WebhookSender, SettleAction],
    useFactory: (
      timers: ActionTimers,
      deliveries: Deliveries,
      endpoints: Endpoints,
      sender: WebhookSender,
      settling: SettleAction,
    ) => new SendWebhookHandler(timers, deliveries, endpoints, sender, settling, config.PLAYBOOKS_WEBHOOKS_AT_ONCE),
  },
]

const mailsOf = (config: PlaybooksConfig, { templates }: ContentParts): Provider[] => [
  {
    provide: MailSender,
    inject: [Deliveries, Contents, AccountOwners, Clock],
    useFactory: (deliveries: Deliveries, contents: Contents, owners: AccountOwners, clock: Clock) => {
      const [client, from] = [mailClientOf(config), config.BANSO_MAIL_FROM ?? '']
      const sender = { client, from, language: config.BANSO_LANGUAGE }
      return new MailSender(deliveries, contents, owners, templates, sender, clock)
    },
  },
  {
    provide: SendMailHandler,
    inject: [ActionTimers, Deliveries, MailSender, SettleAction],
    useFactory: (timers: ActionTimers, deliveries: Deliveries, sender: MailSender, settling: SettleAction) =>
      new SendMailHandler(timers, deliveries, sender, settling, config.PLAYBOOKS_MAILS_AT_ONCE),
  },
]

const tasksOf = (config: PlaybooksConfig, { templates }: ContentParts): Provider[] => [
  {
    provide: MakeTaskHandler,
    inject: [ActionTimers, Deliveries, Contents, Tasks, SettleAction],
    useFactory: (
      timers: ActionTimers,
      deliveries: Deliveries,
      contents: Contents,
      tasks: Tasks,
      settling: SettleAction,
    ) => {
      const texts = new TaskTexts(templates, contents, config.BANSO_LANGUAGE)
      return new MakeTaskHandler(timers, deliveries, texts, tasks, settling)
    },
  },
]

/** Performs actions; needs FactsOf, SettledActions and ActionTimers beside it, and gives Actions. */
export const actionProviders = (config: PlaybooksConfig, parts: ContentParts): Provider[] => [
  ...storesOf(config),
  ...takingOf(config, parts),
  ...webhooksOf(config, parts),
  ...mailsOf(config, parts),
  ...tasksOf(config, parts),
]
