import type { TriggerFacts } from '@banso/conditions'
import type { PlaybookDocument } from './document.ts'
import { type Program, programOf, type Test, testOf } from './program.ts'

/** One version of a playbook, ready to decide and to run. */
export interface Playbook {
  readonly name: string
  readonly version: number
  readonly document: PlaybookDocument
  readonly condition: Test<TriggerFacts> | null
  readonly audience: Test | null
  readonly program: Program
}

/** What a playbook's name looks like. */
export const PLAYBOOK_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/

/** Throws where a condition of the document is not valid in this release. */
export const playbookOf = (name: string, version: number, document: PlaybookDocument): Playbook => ({
  name,
  version,
  document,
  condition: document.condition === undefined ? null : testOf(document.condition, 'trigger'),
  audience: document.audience === undefined ? null : testOf(document.audience, 'account'),
  program: programOf(document.steps, document),
})
