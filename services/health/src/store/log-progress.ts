import { topics } from '@banso/contracts'
import type { EventLog } from '@banso/messaging'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { EntityManager } from 'typeorm'

/** Ends of the partitions of the topics that feed the scores, at one time. */
const Marks = Type.Array(Type.Object({ topic: Type.String(), partition: Type.Integer(), end: Type.Integer() }))
export type Marks = Type.Static<typeof Marks>

const compiled = Compile(Marks)

export const isMarks = (value: unknown): value is Marks => compiled.Check(value)

export const readEnds = async (log: EventLog): Promise<Marks> => {
  const positions = await Promise.all([topics.usageEvents, topics.tickets].map(({ name }) => log.positions(name)))
  return positions
    .flat()
    .flatMap(({ topic, partition, start, end }) => (end > start ? [{ topic, partition, end }] : []))
}

/** Whether this service has handled everything before the marks. */
export const hasPassed = async (database: Pick<EntityManager, 'query'>, marks: Marks): Promise<boolean> => {
  const [row] = await database.query<{ behind: number }[]>(
    `SELECT count(*)::int AS behind
     FROM unnest($1::text[], $2::int[], $3::bigint[]) AS mark (topic, partition, reached)
     LEFT JOIN consumer_progress AS progress
       ON progress.group_name = 'health' AND progress.topic = mark.topic AND progress.partition = mark.partition
     WHERE coalesce(progress.next_offset, 0) < mark.reached`,
    [marks.map(({ topic }) => topic), marks.map(({ partition }) => partition), marks.map(({ end }) => end)],
  )
  return row?.behind === 0
}
