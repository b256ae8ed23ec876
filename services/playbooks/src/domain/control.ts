import type { Control } from './ports.ts'

/** What people say to a playbook, or to all. */
export type ControlCommand = 'pause' | 'resume' | 'activate' | 'observe'

/** How a playbook is controlled, and since when it acts. */
export interface KnownControl extends Control {
  /** When it first became active; null: never. */
  readonly activatedAt: Date | null
}

export const UNCONTROLLED: KnownControl = { paused: false, mode: null, activatedAt: null }

/** What a command makes of a control. Who was activated once keeps the time of it. */
export const controlledBy = (command: ControlCommand, control: KnownControl, now: Date): KnownControl => {
  switch (command) {
    case 'pause': {
      return { ...control, paused: true }
    }
    case 'resume': {
      return { ...control, paused: false }
    }
    case 'activate': {
      return { ...control, mode: 'active', activatedAt: control.activatedAt ?? now }
    }
    case 'observe': {
      return { ...control, mode: 'observe' }
    }
  }
}
