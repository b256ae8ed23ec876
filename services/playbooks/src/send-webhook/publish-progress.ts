import { topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { Progress } from '../domain/delivery.ts'
import type { Delivered } from '../store/deliveries.ts'

/** Tells when an action and its run have ended; an attempt that will be followed by another is told by nobody. */
export const publishProgress = (work: Work, { delivery, attempts }: Delivered, progress: Progress): void => {
  if (progress.kind === 'again') return
  const { runId, accountId, playbook, version, step, webhookId } = delivery
  const at = { topic: topics.runs.name, key: accountId, time: work.now }
  const run = { runId, accountId, playbook: { name: playbook, version } }
  const action = { ...run, step, action: 'webhook' as const, actionId: webhookId, attempts }
  const now = work.now.toISOString()
  if (progress.kind === 'done')
    work.publish({ ...at, type: 'playbooks.action-done.v1', data: { ...action, doneAt: now } })
  else
    work.publish({
      ...at,
      type: 'playbooks.action-failed.v1',
      data: { ...action, failedAt: now, reason: progress.reason },
    })
  work.publish({ ...at, type: 'playbooks.run-finished.v1', data: { ...run, finishedAt: now, outcome: progress.kind } })
}
