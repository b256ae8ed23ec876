import type { AccountScored } from '@banso/contracts'
import type { EntityManager } from 'typeorm'

/** From now on, this one is in use. */
export const useScorecard = async (
  tx: EntityManager,
  { name, version }: AccountScored['scorecard'],
  now: Date,
): Promise<void> => {
  await tx.query(`INSERT INTO scorecard_use (name, version, used_from) VALUES ($1, $2, $3)`, [name, version, now])
}

/** The one in use at an instant; before all, the first. */
export const scorecardAt = async (
  database: Pick<EntityManager, 'query'>,
  at: Date,
): Promise<AccountScored['scorecard']> => {
  const [found] = await database.query<AccountScored['scorecard'][]>(
    `(SELECT name, version FROM scorecard_use WHERE used_from < $1 ORDER BY ordinal DESC LIMIT 1)
     UNION ALL (SELECT name, version FROM scorecard_use ORDER BY ordinal LIMIT 1) LIMIT 1`,
    [at],
  )
  if (found) return found
  throw new Error('there is no scorecard in use')
}
