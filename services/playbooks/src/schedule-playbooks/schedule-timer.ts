import type { NewTimer } from '@banso/messaging'

export const SCHEDULE_TIMER = 'playbook-schedule'

export const scheduleTimerId = (playbook: string): string => `schedule/${playbook}`

export const scheduleTimer = (playbook: string, dueAt: Date): NewTimer => ({
  id: scheduleTimerId(playbook),
  key: '',
  kind: SCHEDULE_TIMER,
  dueAt,
  payload: { playbook },
})

/** The playbook of a timer. Throws on a payload that is not one of these timers. */
export const playbookOf = (payload: unknown): string => {
  if (typeof payload === 'object' && payload !== null && 'playbook' in payload && typeof payload.playbook === 'string')
    return payload.playbook
  throw new TypeError('a timer of a schedule names its playbook')
}
