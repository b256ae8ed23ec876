import type { EntityManager } from 'typeorm'
import { settle, type Settled } from '../chunk/bisecting.ts'
import { attemptsOf, ChunkWork } from '../chunk/chunk-work.ts'
import { decodeAll } from '../chunk/decode.ts'
import { type Failure, failureBecause, failureOf } from '../faults.ts'
import { isKeyedByAccount, type TopicHandler } from '../handlers.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'
import type { RunnerContext } from '../runner-context.ts'
import { logAside, type PutAside } from './aside-log.ts'
import { ParkedList, type ParkedKey, type ParkedMessage } from './parked-list.ts'
import { MAX_ATTEMPTS } from './parked-messages.ts'

/** Messages of one key that one transaction tries again. */
const AT_ONCE = 100

/** `failed`: its first message failed again; `went on`: some were done or given up; `rests`: not now, or not any more. */
export type Released = 'went on' | 'failed' | 'rests'

/**
 * Tries the messages of a parked key again, in order, up to `most` of them, in one transaction that locks the progress row
 * first and reads the list after it. Rejects like `runChunks`.
 */
export const releaseKey = async (
  context: RunnerContext,
  handler: TopicHandler,
  key: ParkedKey,
  most = AT_ONCE,
): Promise<Released> => {
  const outcome = await context.dataSource.transaction((tx) =>
    inKey(context, tx, { key, most }, async (list, messages, work) => {
      const { decoded, undecodable } = decodeAll(messages.map(({ record }) => record))
      if (decoded.length > 0 && isKeyedByAccount(handler)) await context.lockKeys(tx, [key.key])
      work.causedBy(
        context.group,
        decoded.map(({ record }) => record),
      )
      const settled = await settle(decoded, new Set(), attemptsOf(handler, work))
      for (const { record } of settled.parked) work.undone([record], 'parked')
      for (const { record } of settled.dead) work.undone([record], 'dead')
      const dead = [...undecodable, ...settled.dead]
      return settleList({ list, messages, key, work }, { ...settled, dead })
    }),
  )
  return committed(context, key, outcome)
}

/** Counts a failure of the first message that came from outside of the handler (what it wrote could not be committed). */
export const failKey = async (context: RunnerContext, key: ParkedKey, fault: unknown): Promise<Released> => {
  const outcome = await context.dataSource.transaction((tx) =>
    inKey(context, tx, { key, most: 1 }, async (list, messages, work) => {
      const parked = messages.map(({ record }) => ({ record, failure: failureOf(fault) }))
      return settleList({ list, messages, key, work }, { parked, dead: [] })
    }),
  )
  return committed(context, key, outcome)
}

/** What a transaction made of a key, and of which of its messages the log shall tell. */
interface SettledKey {
  readonly released: Released
  readonly aside: readonly PutAside[]
}

interface Outcome extends SettledKey {
  readonly work?: ChunkWork
}

const RESTS: Outcome = { released: 'rests', aside: [] }

const committed = ({ group, logger, metrics }: RunnerContext, key: ParkedKey, { released, aside, work }: Outcome) => {
  work?.committed()
  const dead = aside.filter(({ state }) => state === 'dead').length
  if (dead > 0) metrics.dead.inc({ group, topic: key.topic }, dead)
  logAside(logger, group, aside)
  return released
}

interface InKey {
  readonly list: ParkedList
  readonly messages: readonly ParkedMessage[]
  readonly key: ParkedKey
  readonly work: ChunkWork
}

const inKey = async (
  context: RunnerContext,
  tx: EntityManager,
  { key, most }: { readonly key: ParkedKey; readonly most: number },
  release: (list: ParkedList, messages: readonly ParkedMessage[], work: ChunkWork) => Promise<SettledKey>,
): Promise<Outcome> => {
  const position = await new ConsumerProgress(context.group).lock(tx, key)
  if (position.state === 'stopped' || position.state === 'republishing') return RESTS
  const list = new ParkedList(context.group)
  if ((await list.attempts(tx, key)) === undefined) return RESTS
  const all = await list.first(tx, key, most)
  // What a rebuild parked publishes nothing; one transaction is either of that kind or not.
  const muted = all[0]?.muted ?? false
  const other = all.findIndex((message) => message.muted !== muted)
  const messages = other === -1 ? all : all.slice(0, other)
  const work = new ChunkWork(tx, context.work, muted)
  const settled = await release(list, messages, work)
  await work.flush()
  return { ...settled, work }
}

const settleList = async ({ list, messages, key, work: { tx, now } }: InKey, settled: Settled): Promise<SettledKey> => {
  const failures = new Map([...settled.dead, ...settled.parked].map(({ record, failure }) => [record, failure]))
  const gaveUp = new Set(settled.dead.map(({ record }) => record))
  const stays = new Set(settled.parked.map(({ record }) => record))
  const open = messages.filter(({ record }) => stays.has(record))
  const dead = messages.filter(({ record }) => gaveUp.has(record))
  const [first] = open

  await list.done(
    tx,
    messages.filter(({ record }) => !failures.has(record)),
  )
  const aside = dead.map(({ record }): PutAside => ({
    record,
    state: 'dead',
    failure: failures.get(record) ?? UNKNOWN,
  }))
  for (const message of dead) await list.dead(tx, message, failures.get(message.record) ?? UNKNOWN, now)
  if (!first) return freed(list, tx, key, { aside, now })

  const before = first === messages[0] ? ((await list.attempts(tx, key)) ?? 0) : 0
  const { record } = first
  const failure = failures.get(record) ?? UNKNOWN
  const attempts = before + 1
  if (attempts < MAX_ATTEMPTS) {
    await list.failed(tx, key, first, { failure, attempts, now })
    // Said when it fails for the first time, not at each attempt.
    return { released: 'failed', aside: before === 0 ? [...aside, { record, state: 'parked', failure }] : aside }
  }
  await list.dead(tx, first, failure, now)
  return freed(list, tx, key, { aside: [...aside, { record, state: 'dead', failure }], now })
}

const freed = async (
  list: ParkedList,
  tx: EntityManager,
  key: ParkedKey,
  { aside, now }: { readonly aside: readonly PutAside[]; readonly now: Date },
): Promise<SettledKey> => {
  await list.freeOrGoOn(tx, key, now)
  return { released: 'went on', aside }
}

const UNKNOWN: Failure = failureBecause('failed')
