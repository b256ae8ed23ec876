import { HEADER, type TopicDeclaration } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { LogRecord } from '../../log/event-log.ts'
import { BufferedWork } from '../../outbox/buffered-work.ts'
import type { Work } from '../../work.ts'
import { positionFence } from '../chunk/position-fence.ts'
import { GroupConsumer } from '../consuming/group-consumer.ts'
import type { ChunkRequest, ChunkResult } from '../consuming/process-chunk.ts'
import { eventIdOf } from '../parking/parked-messages.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import { ConsumerProgress, type Position } from '../progress/consumer-progress.ts'
import type { RunnerContext } from '../runner-context.ts'
import { foldVersions, type Version, versionOf } from './version.ts'

/** A compacted topic that a service owns, and how it says its present state again. */
export interface EchoOptions {
  readonly topic: TopicDeclaration
  /** Publishes the present state of these keys, whose rows are locked; a key that it does not know is passed over. */
  present(work: Work, keys: readonly string[]): Promise<void>
}

/**
 * The owner of a compacted topic reads it: where an older record of a key came after a newer one, compaction would leave
 * the older, so the present state is published again. Rests while the service's own group is rebuilt.
 */
export class CompactedEcho {
  readonly #consumer: GroupConsumer
  readonly #progress: ConsumerProgress

  /** `context.group` is the echo's own. */
  constructor(
    private readonly context: RunnerContext,
    private readonly options: EchoOptions,
    onCrash: (fault: unknown) => void,
  ) {
    this.#progress = new ConsumerProgress(context.group)
    this.#consumer = new GroupConsumer({
      ...context,
      topics: [options.topic],
      processChunks: (chunks) => this.#process(chunks),
      onCrash,
    })
  }

  start(): Promise<void> {
    return this.#consumer.start()
  }

  stop(): Promise<void> {
    return this.#consumer.stop()
  }

  checkHealth(): Promise<void> {
    return this.#consumer.checkHealth()
  }

  async #process(chunks: readonly ChunkRequest[]): Promise<readonly ChunkResult[]> {
    const { results, work } = await this.context.dataSource.transaction(async (tx) => {
      const positions = await this.#progress.lockAll(tx, chunks)
      const rests = (await consumerGroups.find(tx, this.context.work.service))?.rebuilt ?? false
      const read = chunks.map((chunk, index) => readChunk(chunk, positions[index], rests))
      const parts = read.flatMap((one) => ('records' in one ? [one] : []))
      const echo = new BufferedWork(tx, this.context.work)
      const outdated = await this.#outdated(
        tx,
        parts.flatMap(({ records }) => records),
      )
      if (outdated.length > 0) {
        await this.context.lockKeys(tx, outdated)
        await this.options.present(echo, outdated)
      }
      await this.#progress.advance(
        tx,
        parts.map(({ position }) => position),
      )
      await echo.flush()
      return { results: read.map(resultOf), work: echo }
    })
    work.committed()
    return results
  }

  /** Keys to publish again; what was read is remembered. */
  async #outdated(tx: EntityManager, records: readonly LogRecord[]): Promise<string[]> {
    const versioned = records.map((record) => ({ key: record.key, version: versionOfRecord(record) }))
    const seen = await this.#seen(tx, [...new Set(versioned.map(({ key }) => key))])
    const { newest, outdated } = foldVersions(versioned, seen)
    const entries = [...newest].toSorted(([a], [b]) => (a < b ? -1 : 1))
    if (entries.length > 0)
      await tx.query(
        `INSERT INTO compacted_version (topic, key, generation, sequence)
         SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[])
         ON CONFLICT (topic, key) DO UPDATE SET generation = excluded.generation, sequence = excluded.sequence`,
        [
          this.options.topic.name,
          entries.map(([key]) => key),
          entries.map(([, version]) => version.generation),
          entries.map(([, version]) => version.sequence),
        ],
      )
    return [...outdated].toSorted()
  }

  async #seen(tx: EntityManager, keys: readonly string[]): Promise<ReadonlyMap<string, Version>> {
    const rows = await tx.query<{ key: string; generation: number; sequence: string }[]>(
      'SELECT key, generation, sequence FROM compacted_version WHERE topic = $1 AND key = ANY($2::text[])',
      [this.options.topic.name, keys],
    )
    return new Map(rows.map((row) => [row.key, { generation: row.generation, sequence: Number(row.sequence) }]))
  }
}

const versionOfRecord = ({ headers }: LogRecord): Version =>
  versionOf({ writer: headers[HEADER.writer] ?? '', sequence: Number(headers[HEADER.sequence] ?? 0) })

/** What is read of a chunk, and the position after it; or why it is not read now. */
type Read =
  | { readonly records: readonly LogRecord[]; readonly position: Position }
  | Extract<ChunkResult, { kind: 'refused' }>

const readChunk = (chunk: ChunkRequest, position: Position | undefined, rests: boolean): Read => {
  if (!position) throw new Error(`${chunk.topic}/${chunk.partition} has no position`)
  if (position.epoch !== chunk.epoch || chunk.from > position.next)
    return { kind: 'refused', why: 'elsewhere', position }
  if (position.state === 'stopped') return { kind: 'refused', why: 'stopped', position }
  if (rests) return { kind: 'refused', why: 'held', position }
  const records = positionFence(chunk.records, position.next)
  const last = records.at(-1)
  return { records, position: last ? { ...position, next: last.offset + 1, lastCeId: eventIdOf(last) } : position }
}

const resultOf = (read: Read): ChunkResult =>
  'records' in read ? { kind: 'committed', position: read.position } : read
