import type { Work } from '@banso/messaging'
import { readScored } from '../store/scores.ts'
import { announceScore } from './announce.ts'

/** Publishes the present scores of these accounts as they were published last. */
export const publishAgain = async (work: Work, accountIds: readonly string[]): Promise<void> => {
  for (const scored of await readScored(work.tx, accountIds)) announceScore(work, scored)
}
