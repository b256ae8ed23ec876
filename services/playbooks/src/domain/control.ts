import type { Control } from './ports.ts'

export const CONTROL_COMMANDS = ['pause', 'resume', 'activate', 'observe'] as const
/** What people say to a playbook; the first two to all as well. */
export type ControlCommand = (typeof CONTROL_COMMANDS)[number]

export const UNCONTROLLED: Control = { paused: false, mode: null, activatedAt: null }

type Effect = (control: Control, now: Date) => Control

/** What a command makes of a control. Who was activated once keeps the time of it. */
export const controlledBy: Readonly<Record<ControlCommand, Effect>> = {
  pause: (control) => ({ ...control, paused: true }),
  resume: (control) => ({ ...control, paused: false }),
  activate: (control, now) => ({ ...control, mode: 'active', activatedAt: control.activatedAt ?? now }),
  observe: (control) => ({ ...control, mode: 'observe' }),
}
