import type { SpanStart } from '@banso/platform'
import type { ClaimedTimer } from './timer-claims.ts'

// A trace that goes on for days is of use to nobody, and a timer that sets itself anew every day would never end it.
const LONGEST_WAIT_MS = 3_600_000

/** Whether a timer that is set `at` one time still belongs to that trace when it is due. */
export const staysInTrace = (at: Date, due: Date): boolean => due.getTime() - at.getTime() <= LONGEST_WAIT_MS

export const timerSpan = ({ kind, attempts, traceparent }: ClaimedTimer): SpanStart => ({
  name: `timer ${kind}`,
  kind: 'internal',
  parent: traceparent ?? undefined,
  attributes: { 'banso.timer.kind': kind, 'banso.timer.attempts': attempts },
})
