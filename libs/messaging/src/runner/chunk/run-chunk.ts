import type { EntityManager } from 'typeorm'
import type { LogRecord, TopicPartition } from '../../log/event-log.ts'
import type { ChunkRequest, ChunkResult } from '../consuming/process-chunk.ts'
import type { Failure } from '../faults.ts'
import { isKeyedByAccount, type TopicHandler } from '../handlers.ts'
import { writerKind } from '../metrics.ts'
import { type Aside, eventIdOf, putAside } from '../parking/parked-messages.ts'
import { ConsumerProgress, type Position } from '../progress/consumer-progress.ts'
import type { RunnerContext } from '../runner-context.ts'
import { refusalOf, upToMark } from './admission.ts'
import { type Attempt, type Dead, type Parked, settle, type Settled, UndoneError } from './bisecting.ts'
import { readDead, readParkedKeys } from './chunk-store.ts'
import { attemptsOf, ChunkWork, wholeAttempt } from './chunk-work.ts'
import { type Decoded, decodeAll } from './decode.ts'
import { positionFence } from './position-fence.ts'
import { type Fenced, sequenceFence } from './sequence-fence.ts'
import { typesFilter } from './types-filter.ts'

interface Committed {
  readonly result: ChunkResult
  readonly after?: () => void
}

/** The handler of a topic; with `unhandled`, what it would get is parked with that failure instead. */
export interface ChunkHandling {
  readonly handler: TopicHandler
  readonly unhandled?: Failure
}

/**
 * Runs one chunk of a partition in one transaction: effects, outbox, timers, parked and dead messages, fences and the
 * position become durable together. Rejects when nothing was committed, or when that is not known; run again, it does
 * what is missing.
 */
export const runChunk = async (
  context: RunnerContext,
  handling: ChunkHandling,
  request: ChunkRequest,
): Promise<ChunkResult> => {
  const stopTimer = context.metrics.chunkSeconds.startTimer({ group: context.group, topic: request.topic })
  const run = (attempts: Attempts) =>
    context.dataSource.transaction((tx) => inTransaction(context, { ...handling, attempts }, request, tx))
  // Savepoints cost two statements, and chunks that need them are rare.
  const { result, after } = await run(wholeAttempt).catch((fault: unknown) => {
    if (fault instanceof UndoneError) return run(attemptsOf)
    throw fault
  })
  stopTimer()
  after?.()
  return result
}

type Attempts = (handler: TopicHandler, work: ChunkWork) => Attempt

const inTransaction = async (
  context: RunnerContext,
  handling: ChunkHandling & { readonly attempts: Attempts },
  request: ChunkRequest,
  tx: EntityManager,
): Promise<Committed> => {
  const { group } = context
  const { handler } = handling
  const progress = new ConsumerProgress(group)
  const position = await progress.lock(tx, request)
  const refusal = refusalOf(position, request)
  if (refusal) return { result: { kind: 'refused', why: refusal, position } }

  const { records, next } = upToMark(position, positionFence(request.records, position.next))
  const parkedKeys = await readParkedKeys(tx, group, position, records)
  const fenced = fence(handler, records, position.fences)
  const wanted = typesFilter(await withoutDead(tx, group, position, fenced.records), handler.types)
  const work = new ChunkWork(tx, context.work, request, position.state === 'rebuilding')
  const { decoded, undecodable } = decodeAll(wanted)
  const { parked, dead } = await handle(context, handling, work, decoded, parkedKeys)

  const aside = asideOf(parked, [...undecodable, ...dead], work.rebuilding)
  await putAside(tx, { ...where(context, position), now: work.now }, aside)
  const last = records.at(-1)
  const lastCeId = last ? eventIdOf(last) : position.lastCeId
  await progress.advance(tx, request, { next, lastCeId, raised: fenced.raised })
  await work.flush()
  return {
    result: { kind: 'committed', position: { ...position, next: Math.max(next, position.next), lastCeId } },
    after: () => {
      work.committed()
      count(context, request, fenced, aside, records.length)
    },
  }
}

const where = ({ group, version }: RunnerContext, { topic, partition, logId }: Position) => ({
  group,
  topic,
  partition,
  logId,
  version,
})

const asideOf = (parked: readonly Parked[], dead: readonly Dead[], muted: boolean): Aside[] => [
  ...parked.map((message): Aside => ({ ...message, state: 'parked', muted })),
  ...dead.map((message): Aside => ({ ...message, state: 'dead', muted })),
]

// A compacted topic may hold an older repeat as the only record of its key: there the fence is per key, and the copy's
// own row keeps it (`isNewer`).
const fence = (handler: TopicHandler, records: readonly LogRecord[], seen: ReadonlyMap<string, number>): Fenced =>
  handler.topic.compacted ? { records, raised: new Map(), drops: new Map() } : sequenceFence(records, seen)

// What is dead stays dead through a rebuild, until a person has it replayed.
const withoutDead = async (
  tx: EntityManager,
  group: string,
  position: Position,
  records: readonly LogRecord[],
): Promise<readonly LogRecord[]> => {
  if (position.state !== 'rebuilding') return records
  const dead = await readDead(tx, group, records)
  return records.filter((record) => !dead.has(eventIdOf(record) ?? ''))
}

const handle = async (
  context: RunnerContext,
  { handler, unhandled, attempts }: ChunkHandling & { readonly attempts: Attempts },
  work: ChunkWork,
  decoded: readonly Decoded[],
  parkedKeys: ReadonlySet<string>,
): Promise<Settled> => {
  if (unhandled) return { parked: decoded.map(({ record }) => ({ record, failure: unhandled })), dead: [] }
  const keys = new Set(decoded.map((item) => item.record.key).filter((key) => !parkedKeys.has(key)))
  if (keys.size > 0 && isKeyedByAccount(handler)) await context.lockKeys(work.tx, [...keys].toSorted())
  return settle(decoded, parkedKeys, attempts(handler, work))
}

const count = (
  { metrics, group }: RunnerContext,
  { topic }: TopicPartition,
  { drops }: Fenced,
  aside: readonly Aside[],
  records: number,
): void => {
  const dead = aside.filter(({ state }) => state === 'dead').length
  metrics.chunkSize.observe({ group, topic }, records)
  for (const [writer, dropped] of drops) metrics.drops.inc({ group, topic, writer: writerKind(writer) }, dropped)
  if (dead > 0) metrics.dead.inc({ group, topic }, dead)
  if (aside.length > dead) metrics.parked.inc({ group, topic }, aside.length - dead)
}
