import type { Timer, TimerHandler, TimerResult, Work } from '@banso/messaging'
import type { OnModuleInit } from '@nestjs/common'
import type { ActionTimers } from '../control-playbooks/action-timers.ts'
import type { TaskSpec } from '../domain/action-spec.ts'
import type { Attempt } from '../domain/delivery.ts'
import { durationMs } from '../domain/duration.ts'
import { actionPayload, MAKE_TASK } from '../start-actions/action-timer.ts'
import type { SettleAction } from '../start-actions/settle-action.ts'
import type { Deliveries, Delivery } from '../store/deliveries.ts'
import type { NewTask, Tasks } from '../store/tasks.ts'
import type { TaskText, TaskTexts } from './task-text.ts'

/** Tasks made at once in this process. */
const AT_ONCE = 8

/** As a task names the account's owner: who that is, is known to whoever holds the key of the account. */
const ACCOUNT_OWNER = 'account-owner'

interface Written {
  readonly delivery: Delivery
  readonly spec: TaskSpec
  readonly text: Awaited<ReturnType<TaskTexts['of']>>
}

/** Makes the task of a run when its timer fires: written outside of the transaction that makes it. */
export class MakeTaskHandler implements TimerHandler<Written | null>, OnModuleInit {
  readonly kind = MAKE_TASK
  readonly concurrency = AT_ONCE

  constructor(
    private readonly timers: ActionTimers,
    private readonly deliveries: Deliveries,
    private readonly texts: TaskTexts,
    private readonly tasks: Tasks,
    private readonly settling: SettleAction,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  async perform({ payload }: Timer): Promise<Written | null> {
    const { runId, step } = actionPayload(payload)
    const delivery = await this.deliveries.open(runId, step)
    if (delivery?.spec.kind !== 'task') return null
    return { delivery, spec: delivery.spec, text: await this.texts.of(delivery, delivery.spec) }
  }

  async settle(_timer: Timer, written: Written | null, work: Work): Promise<TimerResult> {
    if (written === null) return 'fired'
    const { delivery, spec, text } = written
    const made = { delivery, madeAt: work.now, contentVersion: 'obstacle' in text ? null : text.contentVersion }
    if (!('obstacle' in text)) await this.tasks.add(work.tx, taskOf(delivery, spec, text), work.now)
    const attempt: Attempt =
      'obstacle' in text
        ? { kind: 'obstacle', obstacle: text.obstacle }
        : { kind: 'answered', status: 201, retryAfterMs: 0 }
    return (await this.settling.settle(work, { ...made, attempt })).result
  }
}

const taskOf = (delivery: Delivery, { owner, dueIn }: TaskSpec, { title, note }: TaskText): NewTask => ({
  id: delivery.actionId,
  runId: delivery.runId,
  step: delivery.step,
  accountId: delivery.accountId,
  playbook: delivery.playbook,
  version: delivery.version,
  title,
  note,
  owner: owner === 'owner' ? ACCOUNT_OWNER : owner.name,
  dueAt: new Date(delivery.requestedAt.getTime() + (durationMs(dueIn) ?? 0)),
})
