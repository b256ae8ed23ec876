import type { NewTimer } from '@banso/messaging'
import type { Channel } from '../domain/delivery.ts'

/** Kinds of timers: a message to Slack is a webhook. */
export const SEND_WEBHOOK = 'send-webhook'
export const SEND_MAIL = 'send-mail'
export const MAKE_TASK = 'make-task'

const KINDS: Readonly<Record<Channel, string>> = {
  webhook: SEND_WEBHOOK,
  slack: SEND_WEBHOOK,
  email: SEND_MAIL,
  task: MAKE_TASK,
}

/** What the timer of an action carries: everything else is read when it fires. */
export interface ActionPayload {
  readonly runId: string
  readonly step: string
}

/** The timer that performs an action. */
export const actionTimer = (
  { runId, step, accountId, channel }: ActionPayload & { readonly accountId: string; readonly channel: Channel },
  dueAt: Date,
): NewTimer => ({
  id: `action/${runId}/${step}`,
  key: accountId,
  kind: KINDS[channel],
  dueAt,
  payload: { runId, step } satisfies ActionPayload,
})

/** Throws when it is not one of ours. */
export const actionPayload = (payload: unknown): ActionPayload => {
  if (typeof payload === 'object' && payload !== null && 'runId' in payload && 'step' in payload) {
    const { runId, step } = payload
    if (typeof runId === 'string' && typeof step === 'string') return { runId, step }
  }
  throw new TypeError('the payload of an action timer names no run and step')
}
