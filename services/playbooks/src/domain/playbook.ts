import type { Band } from '@banso/contracts'

/** What sets a playbook off: a fact of `health.changes.v1`. Bands and directions left out match any. */
export type Trigger =
  | { readonly on: 'band-changed'; readonly to?: readonly Band[]; readonly from?: readonly Band[] }
  | { readonly on: 'score-moved'; readonly direction?: 'down' | 'up'; readonly by: number }

export interface WebhookAction {
  readonly kind: 'webhook'
  readonly url: string
}

/** What counts as the same occasion, for one playbook. */
export type Dedupe = 'account' | 'account-and-band'

/** A playbook as it is stored and shown: every default filled in. */
export interface PlaybookDocument {
  readonly enabled: boolean
  readonly trigger: Trigger
  readonly action: WebhookAction
  readonly dedupe: Dedupe
  /** ISO 8601 duration. */
  readonly coolDown?: string
}

/** One version of a playbook. */
export interface Playbook {
  readonly name: string
  readonly version: number
  readonly document: PlaybookDocument
}

/** What a playbook's name looks like. */
export const PLAYBOOK_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/

/** Name of the step that a playbook's only action is. */
export const ACTION_STEP = 'action'
