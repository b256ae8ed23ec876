import type { NewTimer } from '@banso/messaging'

export const ADVANCE_RUN = 'advance-run'

/** The step whose time has come; null: the run is looked at, because a pause has ended. */
export interface AdvancePayload {
  readonly runId: string
  readonly step: string | null
}

const timer = (id: string, accountId: string, dueAt: Date, payload: AdvancePayload): NewTimer => ({
  id,
  key: accountId,
  kind: ADVANCE_RUN,
  dueAt,
  payload,
})

export const wakeId = (runId: string, step: string): string => `wait/${runId}/${step}`

export const wakeTimer = (runId: string, step: string, accountId: string, at: Date): NewTimer =>
  timer(wakeId(runId, step), accountId, at, { runId, step })

export const goOnTimer = (runId: string, accountId: string, now: Date): NewTimer =>
  timer(`go-on/${runId}`, accountId, now, { runId, step: null })

/** Throws when it is not one of ours. */
export const advancePayload = (payload: unknown): AdvancePayload => {
  if (typeof payload === 'object' && payload !== null && 'runId' in payload && 'step' in payload) {
    const { runId, step } = payload
    if (typeof runId === 'string' && (typeof step === 'string' || step === null)) return { runId, step }
  }
  throw new TypeError('the payload of a timer of a run names no run and step')
}
