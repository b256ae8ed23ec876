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
  abstract find(tx: EntityManager, name: string): Promise<PlaybookAtHand | undefined>
  /** By name; those switched off included. */
  abstract all(tx: EntityManager): Promise<readonly PlaybookAtHand[]>
}
