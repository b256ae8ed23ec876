import type { TopicName } from '@banso/contracts'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { EntityManager } from 'typeorm'
import { TopicMismatchError } from '../../log/errors.ts'
import type { EventLog } from '../../log/event-log.ts'

/** Ends of the partitions of some topics at one time; a timer may carry them in its payload. */
const LogMarks = Type.Array(Type.Object({ topic: Type.String(), partition: Type.Integer(), end: Type.Integer() }))
export type LogMarks = Type.Static<typeof LogMarks>

const compiled = Compile(LogMarks)

export const isLogMarks = (value: unknown): value is LogMarks => compiled.Check(value)

/** The ends of these topics now, but for partitions that are empty; null: one of them is not made yet. */
export const readEnds = async (
  log: Pick<EventLog, 'positions'>,
  topics: readonly TopicName[],
): Promise<LogMarks | null> => {
  try {
    const positions = await Promise.all(topics.map((topic) => log.positions(topic)))
    return positions
      .flat()
      .flatMap(({ topic, partition, start, end }) => (end > start ? [{ topic, partition, end }] : []))
  } catch (fault) {
    if (fault instanceof TopicMismatchError) return null
    throw fault
  }
}

/** Whether a group has handled everything before the marks: what it has not read yet is not silence. Null is never passed. */
export const hasPassed = async (
  database: Pick<EntityManager, 'query'>,
  group: string,
  marks: LogMarks | null,
): Promise<boolean> => {
  if (marks === null) return false
  const [row] = await database.query<{ behind: number }[]>(
    `SELECT count(*)::int AS behind
     FROM unnest($2::text[], $3::int[], $4::bigint[]) AS mark (topic, partition, reached)
     LEFT JOIN consumer_progress AS progress
       ON progress.group_name = $1 AND progress.topic = mark.topic AND progress.partition = mark.partition
     WHERE coalesce(progress.next_offset, 0) < mark.reached`,
    [group, marks.map(({ topic }) => topic), marks.map(({ partition }) => partition), marks.map(({ end }) => end)],
  )
  return row?.behind === 0
}
