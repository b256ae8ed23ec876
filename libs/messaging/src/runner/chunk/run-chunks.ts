import type { EntityManager } from 'typeorm'
import type { LogRecord } from '../../log/event-log.ts'
import type { ChunkRequest, ChunkResult } from '../consuming/process-chunk.ts'
import type { Failure } from '../faults.ts'
import { isKeyedByAccount, type TopicHandler } from '../handlers.ts'
import { writerKind } from '../metrics.ts'
import { logAside } from '../parking/aside-log.ts'
import { type Aside, type AsideContext, eventIdOf, putAside } from '../parking/parked-messages.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'
import type { RunnerContext } from '../runner-context.ts'
import { type Attempt, type Dead, type Parked, settle, type Settled, UndoneError } from './bisecting.ts'
import { admit, advanceOf, type ChunkPart, resultOf } from './chunk-part.ts'
import { readDead, readParkedKeys } from './chunk-store.ts'
import { attemptsOf, ChunkWork, wholeAttempt } from './chunk-work.ts'
import { decodeAll, type Decoded } from './decode.ts'
import { typesFilter } from './types-filter.ts'

/** The handler of a topic; with `unhandled`, what it would get is parked with that failure instead. */
export interface ChunkHandling {
  readonly handler: TopicHandler
  readonly unhandled?: Failure
}

interface Handling extends ChunkHandling {
  readonly attempts: (handler: TopicHandler, work: ChunkWork) => Attempt
}

interface Committed {
  readonly results: readonly ChunkResult[]
  readonly after?: () => void
}

/**
 * Runs one chunk each of partitions of a topic in one transaction: effects, outbox, timers, parked and dead messages,
 * fences and the positions become durable together. Rejects when nothing was committed, or when that is not known; run
 * again, it does what is missing. Of several chunks, one message that is not done rejects all with `UndoneError`.
 */
export const runChunks = async (
  context: RunnerContext,
  handling: ChunkHandling,
  requests: readonly ChunkRequest[],
): Promise<readonly ChunkResult[]> => {
  const { group, metrics, dataSource } = context
  const stopTimer = metrics.chunkSeconds.startTimer({ group, topic: handling.handler.topic.name })
  const run = (attempts: Handling['attempts']) =>
    dataSource.transaction((tx) => inTransaction(context, { ...handling, attempts }, requests, tx))
  // Savepoints cost two statements, and chunks that need them are rare.
  const { results, after } = await run(wholeAttempt).catch((fault: unknown) => {
    if (fault instanceof UndoneError && requests.length === 1) return run(attemptsOf)
    throw fault
  })
  stopTimer()
  after?.()
  return results
}

const inTransaction = async (
  context: RunnerContext,
  handling: Handling,
  requests: readonly ChunkRequest[],
  tx: EntityManager,
): Promise<Committed> => {
  const progress = new ConsumerProgress(context.group)
  const positions = new Map((await progress.lockAll(tx, requests)).map((one) => [one.partition, one]))
  const admitted = requests.flatMap((request) => {
    const position = positions.get(request.partition)
    return position ? [admit(handling.handler, request, position)] : []
  })
  const results = admitted.map(resultOf)
  const parts = admitted.flatMap((one) => ('part' in one ? [one.part] : []))
  const [first] = parts
  if (!first) return { results }

  const work = new ChunkWork(tx, context.work, first.before.state === 'rebuilding')
  const aside = await consume(context, handling, work, parts)
  for (const part of parts) await putAside(tx, asideContext(context, part, work), ofPartition(aside, part))
  await progress.advance(tx, parts.map(advanceOf))
  await work.flush()
  return {
    results,
    after: () => {
      work.committed()
      count(context, handling.handler.topic.name, parts, aside)
      logAside(context.logger, context.group, aside)
    },
  }
}

/** Has the messages handled; gives what is to be put aside of them. */
const consume = async (
  context: RunnerContext,
  handling: Handling,
  work: ChunkWork,
  parts: readonly ChunkPart[],
): Promise<Aside[]> => {
  const records = parts.flatMap(({ fenced }) => fenced.records)
  const positions = parts.map(({ before }) => before)
  const parkedKeys = await readParkedKeys(work.tx, context.group, positions, records)
  const alive = work.rebuilding ? await withoutDead(work.tx, context.group, records) : records
  const { decoded, undecodable } = decodeAll(typesFilter(alive, handling.handler.types))
  work.causedBy(context.group, recordsOf(decoded))
  const { parked, dead } = await handle(context, handling, work, decoded, parkedKeys)
  work.undone(recordsOf(parked), 'parked')
  work.undone(recordsOf(dead), 'dead')
  return asideOf(parked, [...undecodable, ...dead], work.rebuilding)
}

const recordsOf = (messages: readonly { readonly record: LogRecord }[]): LogRecord[] =>
  messages.map(({ record }) => record)

const asideContext = (
  { group, version }: RunnerContext,
  { before: { topic, partition, logId } }: ChunkPart,
  { now }: ChunkWork,
): AsideContext => ({ group, topic, partition, logId, version, now })

const ofPartition = (aside: readonly Aside[], { before }: ChunkPart): Aside[] =>
  aside.filter(({ record }) => record.partition === before.partition)

const asideOf = (parked: readonly Parked[], dead: readonly Dead[], muted: boolean): Aside[] => [
  ...parked.map((message): Aside => ({ ...message, state: 'parked', muted })),
  ...dead.map((message): Aside => ({ ...message, state: 'dead', muted })),
]

// What is dead stays dead through a rebuild, until a person has it replayed.
const withoutDead = async (
  tx: EntityManager,
  group: string,
  records: readonly LogRecord[],
): Promise<readonly LogRecord[]> => {
  const dead = await readDead(tx, group, records)
  return records.filter((record) => !dead.has(eventIdOf(record) ?? ''))
}

const handle = async (
  context: RunnerContext,
  { handler, unhandled, attempts }: Handling,
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
  topic: string,
  parts: readonly ChunkPart[],
  aside: readonly Aside[],
): void => {
  const dead = aside.filter(({ state }) => state === 'dead').length
  metrics.chunkSize.observe(
    { group, topic },
    parts.reduce((sum, part) => sum + part.count, 0),
  )
  for (const { fenced } of parts)
    for (const [writer, dropped] of fenced.drops)
      metrics.drops.inc({ group, topic, writer: writerKind(writer) }, dropped)
  if (dead > 0) metrics.dead.inc({ group, topic }, dead)
  if (aside.length > dead) metrics.parked.inc({ group, topic }, aside.length - dead)
}
