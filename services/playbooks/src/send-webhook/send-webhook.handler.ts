import type { Timer, TimerHandler, TimerResult, Work } from '@banso/messaging'
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common'
import type { ActionTimers } from '../control-playbooks/action-timers.ts'
import { actionPayload, SEND_WEBHOOK } from '../start-actions/action-timer.ts'
import type { SettleAction } from '../start-actions/settle-action.ts'
import type { Deliveries, Delivered } from '../store/deliveries.ts'
import type { Endpoints } from '../store/endpoints.ts'
import { SlowTargets } from './slow-targets.ts'
import type { WebhookSender } from './webhook-sender.ts'

/** Pause before a slow target is asked for a place again, in milliseconds; as much again at random. */
const NO_PLACE_PAUSE = 15_000

/** 'no-place': its target is slow and has enough under way. Null: nothing was to be sent any more. */
type Performed = Delivered | 'no-place' | null

/** Sends webhooks and Slack messages when their timers fire, outside of any transaction, and records what came of them. */
export class SendWebhookHandler implements TimerHandler<Performed>, OnModuleInit, OnApplicationShutdown {
  readonly kind = SEND_WEBHOOK
  readonly #slow = new SlowTargets()

  constructor(
    private readonly timers: ActionTimers,
    private readonly deliveries: Deliveries,
    private readonly endpoints: Endpoints,
    private readonly sender: WebhookSender,
    private readonly settling: SettleAction,
    readonly concurrency: number,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Performed> {
    const { runId, step } = actionPayload(payload)
    const delivery = await this.deliveries.open(runId, step)
    if (delivery?.spec.kind !== 'webhook' && delivery?.spec.kind !== 'slack') return null
    const send = () => this.sender.send(delivery, signal)
    const delivered = await this.#slow.within(delivery.spec.url, send, ({ attempt }) => isTimeout(attempt))
    return delivered ?? 'no-place'
  }

  async settle(_timer: Timer, performed: Performed, work: Work): Promise<TimerResult> {
    if (performed === null) return 'fired'
    if (performed === 'no-place') return { again: later(work.now, NO_PLACE_PAUSE * (1 + Math.random())) }
    const { result, progress } = await this.settling.settle(work, performed)
    const { spec, playbook } = performed.delivery
    if (progress.kind === 'failed' && progress.disable && 'url' in spec)
      await this.endpoints.disable(work.tx, playbook, spec.url, work.now)
    return result
  }

  onApplicationShutdown(): void {
    this.sender.close()
  }
}

const isTimeout = (attempt: Delivered['attempt']): boolean => attempt.kind === 'fault' && attempt.fault === 'timeout'

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms)
