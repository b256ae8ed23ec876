import type { Timer, TimerHandler, TimerResult, Timers, Work } from '@banso/messaging'
import type { Clock } from '@banso/platform'
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common'
import { type Progress, progressAfter } from '../domain/delivery.ts'
import type { Deliveries, Delivered } from '../store/deliveries.ts'
import { publishProgress } from './publish-progress.ts'
import { signedHeaders } from './sign.ts'
import { webhookBody } from './webhook-body.ts'
import type { WebhookClient } from './webhook-client.ts'
import { SEND_WEBHOOK, webhookPayload } from './webhook-timer.ts'

const ENDPOINT_DISABLED: Progress = { kind: 'failed', reason: 'endpoint-disabled', disable: false }

/** Sends the webhook of a run when its timer fires, outside of any transaction, and records what came of it. */
export class SendWebhookHandler implements TimerHandler<Delivered | null>, OnModuleInit, OnApplicationShutdown {
  readonly kind = SEND_WEBHOOK

  constructor(
    private readonly timers: Timers,
    private readonly deliveries: Deliveries,
    private readonly client: WebhookClient,
    private readonly clock: Clock,
    readonly concurrency: number,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  /** Null when nothing was to be sent any more. */
  async perform({ payload }: Timer, signal: AbortSignal): Promise<Delivered | null> {
    const { runId, step } = webhookPayload(payload)
    const madeAt = this.clock.now()
    const delivery = await this.deliveries.open(runId, step, madeAt)
    if (delivery === null) return null
    if (delivery.gone) return { delivery, attempt: null, attempts: delivery.made }
    const body = webhookBody(delivery)
    const headers = signedHeaders(delivery.webhookId, madeAt, body, delivery.secrets)
    const attempt = await this.client.post({ url: delivery.url, headers, body, now: madeAt }, signal)
    return { delivery, attempt: { ...attempt, madeAt }, attempts: delivery.made + 1 }
  }

  async settle(_timer: Timer, delivered: Delivered | null, work: Work): Promise<TimerResult> {
    if (delivered === null) return 'fired'
    const { attempt, attempts } = delivered
    const progress = attempt === null ? ENDPOINT_DISABLED : progressAfter(attempt, attempts, Math.random())
    await this.deliveries.record(work.tx, delivered, progress, work.now)
    publishProgress(work, delivered, progress)
    return progress.kind === 'again' ? { again: new Date(work.now.getTime() + progress.inMs) } : 'fired'
  }

  onApplicationShutdown(): void {
    this.client.close()
  }
}
