import { isLogMarks, type LogMarks, type NewTimer } from '@banso/messaging'

export const SCHEDULE_TIMER = 'playbook-schedule'

export interface SchedulePayload {
  readonly playbook: string
  /** Ends of the log when it came: all before them is handled first. */
  readonly waitingFor?: LogMarks
}

export const scheduleTimer = (playbook: string, dueAt: Date): NewTimer => ({
  id: `schedule/${playbook}`,
  key: '',
  kind: SCHEDULE_TIMER,
  dueAt,
  payload: { playbook } satisfies SchedulePayload,
})

/** What a timer carries. Throws on a payload that is not one of these timers. */
export const payloadOf = (payload: unknown): SchedulePayload => {
  if (
    typeof payload !== 'object' ||
    payload === null ||
    !('playbook' in payload) ||
    typeof payload.playbook !== 'string'
  )
    throw new TypeError('a timer of a schedule names its playbook')
  const { playbook } = payload
  return 'waitingFor' in payload && isLogMarks(payload.waitingFor)
    ? { playbook, waitingFor: payload.waitingFor }
    : { playbook }
}
