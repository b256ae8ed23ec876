import { topics } from '@banso/contracts'
import type { TimerResult, Work } from '@banso/messaging'
import type { Logger } from '@banso/platform'
import { faultClassOf, type Progress, progressAfter } from '../domain/delivery.ts'
import type { SettledActions } from '../domain/ports.ts'
import type { Deliveries, Delivered, Delivery } from '../store/deliveries.ts'
import type { ActionMetrics } from './action-metrics.ts'

/** Records what came of an action, tells it when it has ended, and lets its run go on. */
export class SettleAction {
  constructor(
    private readonly deliveries: Deliveries,
    private readonly runs: SettledActions,
    private readonly metrics: ActionMetrics,
    private readonly logger: Logger,
  ) {}

  async settle(work: Work, delivered: Delivered): Promise<{ result: TimerResult; progress: Progress }> {
    const { delivery, attempt } = delivered
    const made = delivery.made + (attempt.kind === 'obstacle' ? 0 : 1)
    const progress = progressAfter(delivery.spec.kind, attempt, made, Math.random())
    const attempts = await this.deliveries.record(work.tx, delivered, progress, work.now)
    this.metrics.count(delivered, progress)
    this.#log(delivered, progress)
    if (progress.kind === 'again') {
      const again = new Date(work.now.getTime() + progress.inMs)
      return { result: { again }, progress }
    }
    tellEnd(work, delivery, progress, attempts)
    const { runId, step } = delivery
    const outcome = progress.kind === 'done' ? progress : { kind: progress.kind, reason: progress.reason }
    await this.runs.actionSettled(work, { runId, step, outcome })
    return { result: 'fired', progress }
  }

  /** Whoever operates learns here that a receiver or the mail server is away; `banso runs show` has the rest. */
  #log({ delivery: { runId, step, kind }, attempt }: Delivered, progress: Progress): void {
    if (progress.kind === 'done') return
    const why = { fault: faultClassOf(attempt), ...(attempt.kind === 'answered' && { status: attempt.status }) }
    const said = progress.kind === 'again' ? 'an action was not done and is tried again' : 'an action failed'
    this.logger.warn({ action: kind, runId, step, ...why }, said)
  }
}

const tellEnd = (
  work: Work,
  { runId, accountId, playbook, version, step, kind, actionId }: Delivery,
  progress: Exclude<Progress, { kind: 'again' }>,
  attempts: number,
): void => {
  const at = { topic: topics.runs.name, key: accountId, time: work.now }
  const action = { runId, accountId, playbook: { name: playbook, version }, step, action: kind, actionId, attempts }
  const now = work.now.toISOString()
  if (progress.kind === 'done')
    work.publish({ ...at, type: 'playbooks.action-done.v1', data: { ...action, doneAt: now } })
  else
    work.publish({
      ...at,
      type: 'playbooks.action-failed.v1',
      data: { ...action, failedAt: now, reason: progress.reason },
    })
}
