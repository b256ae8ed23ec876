import type { DataSource } from 'typeorm'
import type { EventLog, PartitionPositions } from '../log/event-log.ts'
import type { RunnerMetrics } from '../runner/metrics.ts'
import { type ConsumerGroup, consumerGroups } from '../runner/progress/consumer-groups.ts'
import { ConsumerProgress } from '../runner/progress/consumer-progress.ts'

/** A partition of a group. `end` and `lag` are null while the log cannot be asked. */
export interface PartitionStatus {
  readonly topic: string
  readonly partition: number
  readonly next: number
  readonly end: number | null
  readonly lag: number | null
  readonly parked: number
  readonly dead: number
}

export interface GroupStatus {
  readonly group: string
  readonly state: string
  readonly reason: string | null
  readonly epoch: number
  readonly lag: number | null
  readonly parked: number
  readonly dead: number
  /** Records that their writers had sent before, dropped by this instance since it started, per kind of writer. */
  readonly fenceDrops: Readonly<Record<string, number>>
  readonly partitions: readonly PartitionStatus[]
}

/** A log that does not answer does not hold up the status. Milliseconds. */
const LOG_PATIENCE_MS = 3_000

type Counts = ReadonlyMap<string, { readonly parked: number; readonly dead: number }>

/** The consumer groups of a service, with what is known of each partition. */
export const groupStatuses = async (
  dataSource: DataSource,
  log: EventLog,
  metrics: RunnerMetrics,
): Promise<GroupStatus[]> => {
  const groups = await consumerGroups.all(dataSource.manager)
  const drops = await metrics.drops.get()
  return Promise.all(
    groups.map(async (group) => {
      const partitions = await partitionsOf(dataSource, log, group)
      const own = drops.values.filter(({ labels }) => labels.group === group.name)
      return {
        group: group.name,
        state: group.state,
        reason: group.reason,
        epoch: group.epoch,
        lag: sum(partitions.map(({ lag }) => lag)),
        parked: partitions.reduce((all, { parked }) => all + parked, 0),
        dead: partitions.reduce((all, { dead }) => all + dead, 0),
        fenceDrops: Object.fromEntries(
          [...Map.groupBy(own, ({ labels }) => String(labels.writer))].map(([writer, values]) => [
            writer,
            values.reduce((all, { value }) => all + value, 0),
          ]),
        ),
        partitions,
      }
    }),
  )
}

const partitionsOf = async (
  dataSource: DataSource,
  log: EventLog,
  { name }: ConsumerGroup,
): Promise<PartitionStatus[]> => {
  const positions = await new ConsumerProgress(name).all(dataSource.manager)
  const topics = [...new Set(positions.map(({ topic }) => topic))]
  const [counts, ...bounds] = await Promise.all([
    countsOf(dataSource, name),
    ...topics.map((topic) => boundsWithin(log, topic)),
  ])
  const ends = new Map(bounds.flat().map((one) => [`${one.topic}/${one.partition}`, one.end]))
  return positions.map(({ topic, partition, next }) => {
    const end = ends.get(`${topic}/${partition}`) ?? null
    const aside = counts.get(`${topic}/${partition}`) ?? { parked: 0, dead: 0 }
    return { topic, partition, next, end, lag: end === null ? null : Math.max(0, end - next), ...aside }
  })
}

const countsOf = async (dataSource: DataSource, group: string): Promise<Counts> => {
  const rows = await dataSource.query<{ topic: string; partition: number; parked: number; dead: number }[]>(
    `SELECT topic, partition, count(*) FILTER (WHERE state = 'parked')::int AS parked,
       count(*) FILTER (WHERE state = 'dead')::int AS dead
     FROM parked_message WHERE group_name = $1 GROUP BY topic, partition`,
    [group],
  )
  return new Map(rows.map(({ topic, partition, parked, dead }) => [`${topic}/${partition}`, { parked, dead }]))
}

const boundsWithin = async (log: EventLog, topic: string): Promise<readonly PartitionPositions[]> => {
  const patience = Promise.withResolvers<readonly PartitionPositions[]>()
  const timer = setTimeout(() => patience.resolve([]), LOG_PATIENCE_MS)
  try {
    return await Promise.race([log.positions(topic).catch(() => []), patience.promise])
  } finally {
    clearTimeout(timer)
  }
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((all, value) => (all === null || value === null ? null : all + value), 0)
