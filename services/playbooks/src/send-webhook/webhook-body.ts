import type { Delivery } from '../store/deliveries.ts'

/** The JSON that is sent: the same on every attempt. */
export const webhookBody = ({ playbook, version, runId, step, accountId, occurredAt, why }: Delivery): string => {
  const { from, to, movedBy, day, scorecard, cause, newestEvent, measures, rule } = why.values
  return JSON.stringify({
    type: 'playbook.action',
    playbook,
    version,
    runId,
    step,
    account: { id: accountId },
    change: { id: why.triggerEventId, type: why.triggerType, day, from, to, movedBy, scorecard, measures },
    why: { rule, cause, newestEvent, evidence: why.evidence },
    occurredAt: occurredAt.toISOString(),
  })
}
