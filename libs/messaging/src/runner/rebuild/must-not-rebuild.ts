import { ProblemError } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import { consumerGroups } from '../progress/consumer-groups.ts'

const LOOK_AGAIN_SECONDS = 30

/**
 * For commands that decide by derived state: 503 `REBUILDING` while that is made anew. No rebuild begins before the
 * transaction has ended. Call it before account rows are locked.
 */
export const mustNotRebuild = async (tx: EntityManager, group: string): Promise<void> => {
  if (!(await consumerGroups.find(tx, group, 'share'))?.rebuilt) return
  const detail = `${group} is being rebuilt: ask again when it is done`
  throw new ProblemError({ code: 'REBUILDING', status: 503, detail, retryAfterSeconds: LOOK_AGAIN_SECONDS })
}
