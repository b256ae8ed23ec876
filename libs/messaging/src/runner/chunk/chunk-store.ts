import type { EntityManager } from 'typeorm'
import type { LogRecord } from '../../log/event-log.ts'
import { eventIdOf } from '../parking/parked-messages.ts'
import type { Position } from '../progress/consumer-progress.ts'

/** Those of the records' keys that are parked in these partitions of a topic, whose progress rows are locked. */
export const readParkedKeys = async (
  tx: EntityManager,
  group: string,
  positions: readonly Position[],
  records: readonly LogRecord[],
): Promise<ReadonlySet<string>> => {
  const parked = positions.filter((position) => position.parked)
  const [first] = parked
  if (!first) return new Set()
  const keys = [...new Set(records.map((record) => record.key))].filter((key) => !key.includes('\0'))
  const rows = await tx.query<{ key: string }[]>(
    `SELECT key FROM parked_key
     WHERE group_name = $1 AND topic = $2 AND partition = ANY($3::int[]) AND key = ANY($4::text[])`,
    [group, first.topic, parked.map(({ partition }) => partition), keys],
  )
  return new Set(rows.map(({ key }) => key))
}

/** The ce_ids among those of `records` that are dead in this group. */
export const readDead = async (
  tx: EntityManager,
  group: string,
  records: readonly LogRecord[],
): Promise<ReadonlySet<string>> => {
  const ids = records.map(eventIdOf).filter((id) => id !== null)
  const rows = await tx.query<{ event_id: string }[]>(
    `SELECT event_id FROM parked_message WHERE group_name = $1 AND state = 'dead' AND event_id = ANY($2::text[])`,
    [group, ids],
  )
  return new Set(rows.map((row) => row.event_id))
}
