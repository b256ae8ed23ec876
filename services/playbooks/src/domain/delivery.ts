import type { ActionSpec } from './action-spec.ts'
import { pauseAfter } from './retry.ts'

/** By what an action leaves. */
export type Channel = ActionSpec['kind']

/** Why an attempt got no answer. */
export type Fault =
  | 'timeout'
  | 'dns'
  | 'connection'
  | 'tls'
  | 'target-refused'
  /** The mail server does not let us in. */
  | 'authentication'
  /** The owner's address is sealed, and its key has not come yet. */
  | 'owner-key-missing'

/** Why an action could not be attempted. */
export type Obstacle =
  | 'endpoint-disabled'
  | 'no-owner-address'
  | 'mail-not-configured'
  | 'content-missing'
  | 'template-failed'
  | 'body-not-json'

export type FailureReason = Obstacle | 'target-refused' | 'gone' | 'rejected' | 'attempts-exhausted'

/** What one attempt came to. */
export type Attempt =
  /** Status of HTTP, or the code of an SMTP server's reply. */
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number }
  /** `unsure`: all of it was sent, and nobody knows whether it arrived. */
  | { readonly kind: 'fault'; readonly fault: Fault; readonly unsure: boolean }
  /** Nothing was sent: not an attempt at all. */
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }

/** Where an action stands after an attempt. */
export type Progress =
  | { readonly kind: 'done' }
  /** `disable`: the receiver said that the endpoint is gone (410). */
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly disable: boolean }
  | { readonly kind: 'again'; readonly inMs: number }

/** Class of an attempt's failure, as shown; null for a success. */
export const faultClassOf = (attempt: Attempt): Fault | Obstacle | 'redirect' | 'status' | null => {
  if (attempt.kind === 'fault') return attempt.fault
  if (attempt.kind === 'obstacle') return attempt.obstacle
  if (attempt.status >= 200 && attempt.status < 300) return null
  return attempt.status >= 300 && attempt.status < 400 ? 'redirect' : 'status'
}

const failed = (reason: FailureReason, disable = false): Progress => ({ kind: 'failed', reason, disable })

// A webhook's receiver may mend any other answer. Slack and mail servers say of some that they are for good.
const finalOf = (channel: Channel, status: number): Progress | null => {
  switch (channel) {
    case 'webhook':
      return status === 410 ? failed('gone', true) : null
    case 'slack':
      return status >= 400 && status < 500 && status !== 408 && status !== 429 ? failed('rejected') : null
    case 'email':
      return status >= 500 ? failed('rejected') : null
    case 'task':
      return null
    default:
      return channel satisfies never
  }
}

/** `made` counts the attempts so far, this one included; `random` is in [0, 1). */
export const progressAfter = (channel: Channel, attempt: Attempt, made: number, random: number): Progress => {
  if (faultClassOf(attempt) === null) return { kind: 'done' }
  if (attempt.kind === 'obstacle') return failed(attempt.obstacle)
  if (attempt.kind === 'fault' && attempt.fault === 'target-refused') return failed('target-refused')
  const final = attempt.kind === 'answered' ? finalOf(channel, attempt.status) : null
  if (final !== null) return final
  const inMs = pauseAfter(made, random, attempt.kind === 'answered' ? attempt.retryAfterMs : 0)
  return inMs === null ? failed('attempts-exhausted') : { kind: 'again', inMs }
}
