import type { Timer, TimerHandler, TimerResult, Timers, Work } from '@banso/messaging'
import type { Clock } from '@banso/platform'
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common'
import { type Progress, progressAfter } from '../domain/delivery.ts'
import type { Deliveries, Delivered, Delivery } from '../store/deliveries.ts'
import { publishProgress } from './publish-progress.ts'
import { signedHeaders } from './sign.ts'
import { SlowTargets } from './slow-targets.ts'
import { webhookBody } from './webhook-body.ts'
import type { WebhookClient } from './webhook-client.ts'
import { SEND_WEBHOOK, webhookPayload } from './webhook-timer.ts'

const ENDPOINT_DISABLED: Progress = { kind: 'failed', reason: 'endpoint-disabled', disable: false }

/** Pause before a slow target is asked for a place again, in milliseconds; as much again at random. */
const NO_PLACE_PAUSE = 15_000

/** 'no-place': its target is slow and has enough under way. Null: nothing was to be sent any more. */
type Performed = Delivered | 'no-place' | null

/** Sends the webhook of a run when its timer fires, outside of any transaction, and records what came of it. */
export class SendWebhookHandler implements TimerHandler<Performed>, OnModuleInit, OnApplicationShutdown {
  readonly kind = SEND_WEBHOOK
  readonly #slow = new SlowTargets()

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

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Performed> {
    const { runId, step } = webhookPayload(payload)
    const delivery = await this.deliveries.open(runId, step, this.clock.now())
    if (delivery === null) return null
    if (delivery.gone) return { delivery, attempt: null, attempts: delivery.made }
    const send = () => this.#send(delivery, signal)
    const delivered = await this.#slow.within(delivery.url, send, ({ attempt }) => isTimeout(attempt))
    return delivered ?? 'no-place'
  }

  async settle(_timer: Timer, performed: Performed, work: Work): Promise<TimerResult> {
    if (performed === null) return 'fired'
    if (performed === 'no-place') return { again: later(work.now, NO_PLACE_PAUSE * (1 + Math.random())) }
    const { attempt, attempts } = performed
    const progress = attempt === null ? ENDPOINT_DISABLED : progressAfter(attempt, attempts, Math.random())
    await this.deliveries.record(work.tx, performed, progress, work.now)
    publishProgress(work, performed, progress)
    return progress.kind === 'again' ? { again: later(work.now, progress.inMs) } : 'fired'
  }

  onApplicationShutdown(): void {
    this.client.close()
  }

  async #send(delivery: Delivery, signal: AbortSignal): Promise<Delivered> {
    const madeAt = this.clock.now()
    const body = webhookBody(delivery)
    const headers = signedHeaders(delivery.webhookId, madeAt, body, delivery.secrets)
    const attempt = await this.client.post({ url: delivery.url, headers, body, now: madeAt }, signal)
    return { delivery, attempt: { ...attempt, madeAt }, attempts: delivery.made + 1 }
  }
}

const isTimeout = (attempt: Delivered['attempt']): boolean => attempt?.kind === 'fault' && attempt.fault === 'timeout'

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms)
