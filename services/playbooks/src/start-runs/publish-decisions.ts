import { topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { NewAction, NewRun } from '../store/runs.ts'

const about = ({ id, accountId, playbook, version }: NewRun) => ({
  runId: id,
  accountId,
  playbook: { name: playbook, version },
})

export const publishHeldBack = (work: Work, run: NewRun): void => {
  if (run.heldBack === null) return
  work.publish({
    topic: topics.runs.name,
    type: 'playbooks.run-held-back.v1',
    key: run.accountId,
    time: work.now,
    data: { ...about(run), heldBackAt: work.now.toISOString(), reason: run.heldBack, why: run.why },
  })
}

export const publishStart = (work: Work, run: NewRun, { step, kind, webhookId }: NewAction): void => {
  const at = { topic: topics.runs.name, key: run.accountId, time: work.now }
  const now = work.now.toISOString()
  work.publish({ ...at, type: 'playbooks.run-started.v1', data: { ...about(run), startedAt: now, why: run.why } })
  work.publish({
    ...at,
    type: 'playbooks.action-requested.v1',
    data: { ...about(run), step, action: kind, requestedAt: now, actionId: webhookId },
  })
}
