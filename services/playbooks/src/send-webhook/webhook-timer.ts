import type { NewTimer } from '@banso/messaging'
import type { NewAction } from '../store/runs.ts'

export const SEND_WEBHOOK = 'send-webhook'

/** What the timer of a webhook carries: everything else is read when it fires. */
export interface WebhookPayload {
  readonly runId: string
  readonly step: string
}

export const webhookTimer = (accountId: string, { runId, step, dueAt }: NewAction): NewTimer => ({
  id: `run/${runId}/${step}`,
  key: accountId,
  kind: SEND_WEBHOOK,
  dueAt,
  payload: { runId, step } satisfies WebhookPayload,
})

/** Throws when it is not one of ours. */
export const webhookPayload = (payload: unknown): WebhookPayload => {
  if (typeof payload === 'object' && payload !== null && 'runId' in payload && 'step' in payload) {
    const { runId, step } = payload
    if (typeof runId === 'string' && typeof step === 'string') return { runId, step }
  }
  throw new TypeError('the payload of a webhook timer names no run and step')
}
