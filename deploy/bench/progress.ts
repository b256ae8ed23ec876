// How far a consumer group has come, watched in its database until it has come to the end.
import type { EventLog } from '@banso/messaging'
import type pg from 'pg'
import { until } from '../drive/wait.ts'
import type { Supervisor } from '../local/supervise.ts'
import { cpuOf } from './cpu.ts'
import type { Mark } from './pace.ts'

const MARK_EVERY_MS = 50
const WITHIN_MS = 600_000

export interface Watched {
  readonly database: Pick<pg.Client, 'query'>
  readonly supervisor: Supervisor
  /** Processes whose CPU is told with each mark. */
  readonly processes: readonly string[]
  readonly group: string
  readonly topic: string
}

/** Where each partition of a topic ends. */
export const endsOf = async (log: Pick<EventLog, 'positions'>, topic: string): Promise<ReadonlyMap<number, number>> => {
  const positions = await log.positions(topic)
  return new Map(positions.map(({ partition, end }) => [partition, end]))
}

export const sumOf = (ends: ReadonlyMap<number, number>): number =>
  [...ends.values()].reduce((all, end) => all + end, 0)

/** Sum of the ends of a topic's partitions. */
export const endOf = async (log: Pick<EventLog, 'positions'>, topic: string): Promise<number> =>
  sumOf(await endsOf(log, topic))

/** Positions are sums over the partitions: `before` is where the group stood, `end` where the topic ends. */
export const watchProgress = async (
  { database, supervisor, processes, group, topic }: Watched,
  before: number,
  end: number,
): Promise<Mark[]> => {
  const marks: Mark[] = []
  const look = async () => {
    const { rows } = await database.query<{ done: string | null }>(
      'SELECT sum(next_offset) AS done FROM consumer_progress WHERE group_name = $1 AND topic = $2',
      [group, topic],
    )
    const done = Number(rows[0]?.done ?? 0)
    if (done - before > (marks.at(-1)?.done ?? 0))
      marks.push({ at: performance.now(), done: done - before, cpu: cpuOf(supervisor, processes) })
    return done >= end || undefined
  }
  await until(`${group} to come to the end of ${topic}`, WITHIN_MS, look, MARK_EVERY_MS)
  return marks
}
