import { pauseAfter } from './retry.ts'

/** Why an attempt got no answer. */
export type Fault = 'timeout' | 'dns' | 'connection' | 'tls' | 'target-refused'

/** What one attempt came to. */
export type Attempt =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number }
  | { readonly kind: 'fault'; readonly fault: Fault }

export type FailureReason = 'target-refused' | 'gone' | 'endpoint-disabled' | 'attempts-exhausted'

/** Where an action stands after an attempt. */
export type Progress =
  | { readonly kind: 'done' }
  /** `disable`: the receiver said that the endpoint is gone (410). */
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly disable: boolean }
  | { readonly kind: 'again'; readonly inMs: number }

/** Class of an attempt's failure, as shown; null for a success. */
export const faultClassOf = (attempt: Attempt): Fault | 'redirect' | 'status' | null => {
  if (attempt.kind === 'fault') return attempt.fault
  if (attempt.status >= 200 && attempt.status < 300) return null
  return attempt.status >= 300 && attempt.status < 400 ? 'redirect' : 'status'
}

/** `made` counts the attempts so far, this one included; `random` is in [0, 1). */
export const progressAfter = (attempt: Attempt, made: number, random: number): Progress => {
  if (faultClassOf(attempt) === null) return { kind: 'done' }
  if (attempt.kind === 'fault' && attempt.fault === 'target-refused')
    return { kind: 'failed', reason: 'target-refused', disable: false }
  if (attempt.kind === 'answered' && attempt.status === 410) return { kind: 'failed', reason: 'gone', disable: true }
  const inMs = pauseAfter(made, random, attempt.kind === 'answered' ? attempt.retryAfterMs : 0)
  return inMs === null ? { kind: 'failed', reason: 'attempts-exhausted', disable: false } : { kind: 'again', inMs }
}
