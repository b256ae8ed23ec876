import type { EntityManager } from 'typeorm'
import type { Work } from '../../work.ts'

/** What a service whose derived state can be made anew tells the runner. */
export interface RebuildOptions {
  /** Deletes the derived state: all that follows from events alone. Runs in the transaction that moves the positions. */
  clear(tx: EntityManager): Promise<void>
  /**
   * Publishes the present state of up to `limit` keys after `afterKey` (null: from the first), in key order, on the
   * service's compacted topics; locks the rows before it reads them. Answers the last key, or null at the end.
   */
  republish(work: Work, afterKey: string | null, limit: number): Promise<string | null>
}
