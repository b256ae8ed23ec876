import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { changeAfter, PARTITION, RunnerFixture } from '../../test/runner-fixture.suite.ts'
import type { LogRecord } from '../log/event-log.ts'
import { runChunks } from './chunk/run-chunks.ts'
import { isInfrastructure } from './faults.ts'
import { ParkedList } from './parking/parked-list.ts'
import { releaseKey } from './parking/release-key.ts'

const TOPIC = 'ingestion.usage-events.v1'
const KEYS = ['a', 'b', 'c', 'd']
const MESSAGES = 60

let fixture: RunnerFixture

/** mulberry32 */
const randomOf = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Each message's failures still to come; some throw, some answer retry. */
const faultsOf = (ids: readonly string[], random: () => number): Map<string, number> =>
  new Map(ids.flatMap((id): [string, number][] => (random() < 0.12 ? [[id, 1 + Math.floor(random() * 3)]] : [])))

const misbehave = (left: Map<string, number>, random: () => number): void => {
  fixture.behaviour = async (events, chunk) => {
    if (random() < 0.08) throw Object.assign(new Error('the database went away'), { code: 'ECONNRESET' })
    if (random() < 0.05) await chunk.tx.query('SELECT pg_terminate_backend(pg_backend_pid())')
    for (const event of events) chunk.publish(changeAfter(event))
    const failing = events.filter(({ id }) => (left.get(id) ?? 0) > 0)
    for (const { id } of failing) left.set(id, (left.get(id) ?? 0) - 1)
    if (failing.length > 0 && random() < 0.5) throw new TypeError('of one of them')
    const retried = new Set(failing.map(({ id }) => id))
    return events.map(({ id }) => (retried.has(id) ? { kind: 'retry', reason: 'not yet' } : { kind: 'done' }))
  }
}

const orTriedAgain = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work
  } catch (fault) {
    if (!isInfrastructure(fault)) throw fault
  }
}

/** Redeliveries from anywhere, chunks of any size, two at once, releases in between, and a writer that sends twice. */
const play = async (seed: number): Promise<void> => {
  const random = randomOf(seed)
  const pick = (below: number): number => Math.floor(random() * below)
  const context = fixture.context()
  const handling = { handler: fixture.handler() }
  const { next: first } = await fixture.position()
  const ids = Array.from({ length: MESSAGES }, (_, n) => `${KEYS[pick(KEYS.length)]}s${seed}n${n}`)
  const records = fixture.events(...ids).map((record) => ({ ...record, key: record.key.slice(0, 1) }))
  const sent = records.flatMap((record, n) =>
    random() < 0.2 ? [record, ...records.slice(Math.max(0, n - 2), n + 1)] : [record],
  )
  await fixture.append(sent)
  const log = await fixture.logged(first)
  misbehave(faultsOf(ids, random), random)

  const chunk = async (): Promise<void> => {
    const { epoch } = await fixture.position()
    const from = pick(log.length)
    const part: readonly LogRecord[] = log.slice(from, from + 1 + pick(12))
    await orTriedAgain(
      runChunks(context, handling, [{ topic: TOPIC, partition: PARTITION, from: first + from, epoch, records: part }]),
    )
  }
  const release = async (): Promise<void> => {
    const at = { topic: TOPIC, partition: PARTITION }
    fixture.clock.advance(60_000)
    const due = await new ParkedList('health').due(context.dataSource.manager, fixture.clock.now(), [at], 4)
    for (const key of due) await orTriedAgain(releaseKey(context, handling.handler, key))
  }
  const isOpen = async (): Promise<boolean> =>
    (await fixture.position()).next < first + log.length || (await fixture.aside('parked')).length > 0
  for (let turn = 0; turn < 5_000 && (await isOpen()); turn += 1)
    await Promise.all(random() < 0.25 ? [chunk(), release()] : [chunk(), chunk()])

  const effects = (await fixture.effects()).filter((id) => id.includes(`s${seed}n`))
  for (const key of KEYS)
    expect(effects.filter((id) => id.startsWith(key))).toEqual(ids.filter((id) => id.startsWith(key)))
}

export const describeExactlyOnce = (): void => {
  describe('effects', () => {
    beforeAll(async () => {
      fixture = await RunnerFixture.open()
    })
    afterAll(() => fixture.close())

    it.each([1, 2, 3, 4, 5, 6])(
      'happen once and in order per key, whatever is redelivered, fails or dies (seed %i)',
      async (seed) => {
        const before = (await fixture.outbox()).length
        await play(seed)
        expect((await fixture.outbox()).length - before).toBe(MESSAGES)
      },
      120_000,
    )
  })
}
