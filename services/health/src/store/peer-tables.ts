import type { EntityManager } from 'typeorm'
import type { Day } from '@banso/platform'
import type { PeerTable } from '../domain/peers.ts'
import { EPOCH } from './epoch.ts'

const KEPT_DAYS = 400

export const isFrozen = async (database: Pick<EntityManager, 'query'>, day: Day): Promise<boolean> => {
  const rows = await database.query<unknown[]>(`SELECT FROM peer_table WHERE day = ${EPOCH} + $1::int`, [day])
  return rows.length > 0
}

/** Keeps the table of its day, unless there is one: what is frozen stays. Tables of more than 400 days ago go. */
export const keepPeers = async (database: Pick<EntityManager, 'query'>, table: PeerTable, now: Date): Promise<void> => {
  await database.query(
    `WITH old AS (DELETE FROM peer_table WHERE day < ${EPOCH} + $1::int - ${KEPT_DAYS})
     INSERT INTO peer_table (day, frozen_at, document) VALUES (${EPOCH} + $1::int, $2, $3) ON CONFLICT DO NOTHING`,
    [table.day, now, JSON.stringify(table)],
  )
}
