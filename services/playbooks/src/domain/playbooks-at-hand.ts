import type { EntityManager } from 'typeorm'
import type { PlaybookDocument } from './document.ts'

/** The newest version of a playbook. */
export interface PlaybookAtHand {
  readonly name: string
  readonly version: number
  readonly document: PlaybookDocument
}

/** The playbooks as they are in a transaction, whatever a process has in memory. */
export abstract class PlaybooksAtHand {
  /** PlaybookOutdatedError when it is not valid in this release. */
  abstract find(tx: EntityManager, name: string): Promise<PlaybookAtHand | undefined>
  /** Whether there is one of this name, valid or not. */
  abstract exists(tx: EntityManager, name: string): Promise<boolean>
  /** By name; those switched off included, those that are not valid in this release left out. */
  abstract all(tx: EntityManager): Promise<readonly PlaybookAtHand[]>
}
