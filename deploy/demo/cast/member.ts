// What an account of the demo is, and what happened to it: dates count back from a moment that is given.
import type { TicketUpdate } from '../../drive/desk.ts'

/** One person did something in the product. */
export interface Use {
  readonly person: string
  readonly event: string
  readonly at: Date
}

export type TicketCall = Omit<TicketUpdate, 'organizationExternalId'>

export interface Events {
  readonly uses: readonly Use[]
  /** In the order in which the desk sent them. */
  readonly tickets: readonly TicketCall[]
}

/** Effects that the events of today are to have, by playbook and step. */
export interface Expected {
  readonly playbook: string
  readonly step: string
  readonly kind: 'webhook' | 'mail' | 'task'
}

export interface Today extends Events {
  readonly story: string
  readonly effects: readonly Expected[]
  /** What is to come, for people. */
  readonly outlook?: string
}

export interface Member {
  readonly slug: string
  readonly name: string
  readonly title: string
  readonly seats: number
  readonly planLimit: number
  readonly language: 'en' | 'ja'
  readonly people: readonly string[]
  /** What happened in the months until yesterday, for people. */
  readonly story: string
  readonly history: Events
  /** What happens while the demo looks on. */
  readonly today?: Today
  /** Playbooks to ask why they did not act. */
  readonly asks?: readonly string[]
}

/** The moment that is now, and numbers in [0, 1). */
export interface Moment {
  readonly now: Date
  readonly random: () => number
}
