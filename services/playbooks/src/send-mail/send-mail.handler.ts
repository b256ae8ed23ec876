import type { Timer, TimerHandler, TimerResult, Work } from '@banso/messaging'
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common'
import type { ActionTimers } from '../control-playbooks/action-timers.ts'
import { actionPayload, SEND_MAIL } from '../start-actions/action-timer.ts'
import type { SettleAction } from '../start-actions/settle-action.ts'
import type { Deliveries, Delivered } from '../store/deliveries.ts'
import type { MailSender } from './mail-sender.ts'

/** Null: nothing was to be sent any more. */
type Performed = Delivered | null

/** Sends the mail of a run when its timer fires, outside of any transaction, and records what came of it. */
export class SendMailHandler implements TimerHandler<Performed>, OnModuleInit, OnApplicationShutdown {
  readonly kind = SEND_MAIL

  constructor(
    private readonly timers: ActionTimers,
    private readonly deliveries: Deliveries,
    private readonly sender: MailSender,
    private readonly settling: SettleAction,
    readonly concurrency: number,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Performed> {
    const { runId, step } = actionPayload(payload)
    const delivery = await this.deliveries.open(runId, step)
    return delivery?.spec.kind === 'email' ? this.sender.send(delivery, delivery.spec, signal) : null
  }

  async settle(_timer: Timer, performed: Performed, work: Work): Promise<TimerResult> {
    return performed === null ? 'fired' : (await this.settling.settle(work, performed)).result
  }

  onApplicationShutdown(): void {
    this.sender.close()
  }
}
