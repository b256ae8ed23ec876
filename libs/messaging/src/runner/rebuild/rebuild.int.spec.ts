import { topics } from '@banso/contracts'
import { accountScored, eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { changeAfter, PARTITION, RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import type { EventLog } from '../../log/event-log.ts'
import { resumeGroup } from '../../operations/resume-group.ts'
import { EventsConsumer } from '../events-consumer.ts'
import { DeadLetters } from '../parking/dead-letters.ts'
import { consumerGroups } from '../progress/consumer-groups.ts'
import type { RunnerContext } from '../runner-context.ts'
import { RebuildLoop } from './rebuild-loop.ts'
import type { RebuildOptions } from './rebuild-options.ts'

let fixture: RunnerFixture
let context: RunnerContext
let consumer: EventsConsumer
let loop: RebuildLoop
const timerCalls: ('pause' | 'resume')[] = []
const pages: (string | null)[] = []

/** Derived state is the ledger of effects; the present state is one score per key that has any. */
const rebuild: RebuildOptions = {
  clear: (tx) => tx.query('DELETE FROM effect'),
  republish: async (work, afterKey, limit) => {
    pages.push(afterKey)
    const rows = await work.tx.query<{ key: string }[]>(
      'SELECT DISTINCT key FROM effect WHERE $1::text IS NULL OR key > $1 ORDER BY key LIMIT $2',
      [afterKey, Math.min(limit, 2)],
    )
    for (const { key } of rows) work.publish(accountScored({}, { key }))
    return rows.at(-1)?.key ?? null
  },
}

const consumerOf = (its: RunnerContext): EventsConsumer =>
  new EventsConsumer(its, [fixture.handler()], (fault) => {
    throw new Error('crashed', { cause: fault })
  })

beforeEach(async () => {
  fixture = await RunnerFixture.open()
  context = fixture.context()
  pages.length = 0
  timerCalls.length = 0
  consumer = consumerOf(context)
  loop = new RebuildLoop({
    ...context,
    rebuild,
    timers: {
      pause: async () => void timerCalls.push('pause'),
      resume: () => void timerCalls.push('resume'),
    },
  })
  fixture.behaviour = (events, chunk) => events.forEach((event) => chunk.publish(changeAfter(event)))
  await consumer.start()
})
afterEach(async () => {
  await loop.stop()
  await consumer.stop()
  await fixture.close()
})

const begin = () => fixture.startRebuild(rebuild)
/** Has it publish what is to be published, and waits for its end. */
const done = async (): Promise<void> => {
  await loop.start()
  await eventually(async () => expect(await state()).toBe('running'), { timeoutMs: 15_000 })
}
/** Begins one, and stops it before anything is folded. */
const stopInTheMiddle = async (): Promise<void> => {
  await consumer.stop()
  await begin()
  const { manager } = fixture.dataSource
  const { epoch } = await consumerGroups.open(manager, 'health')
  expect(await consumerGroups.stop(manager, 'health', 'another log', epoch)).toBe(true)
}
/** Resumes the group, and has it go on to the end of the rebuild. */
const resumed = async (at: 'start' | 'end', log: EventLog = fixture.log): Promise<void> => {
  expect(await resumeGroup(fixture.dataSource, log, 'health', at)).toBe(true)
  consumer = consumerOf(fixture.context({ log }))
  await consumer.start()
  await done()
}
const state = async () => (await consumerGroups.find(fixture.dataSource.manager, 'health'))?.state
const effects = (count: number): Promise<string[]> => fixture.effectsOf(count)
const outboxTopics = async (): Promise<string[]> =>
  (await fixture.dataSource.query<{ topic: string }[]>('SELECT topic FROM outbox ORDER BY id')).map(
    ({ topic }) => topic,
  )
const changes = (count: number): string[] => Array.from({ length: count }, () => topics.healthChanges.name)

describe('a rebuild', () => {
  it('makes derived state anew, silently, and then publishes the present state once', async () => {
    await fixture.append(fixture.events('a1', 'b1', 'c1', 'a2'))
    await effects(4)
    await begin()
    expect(await state()).toBe('rebuilding')
    await done()
    expect(await fixture.effects()).toEqual(['a1', 'b1', 'c1', 'a2'])
    expect(await outboxTopics()).toEqual([...changes(4), ...Array.from({ length: 3 }, () => topics.scores.name)])
    expect(pages).toEqual([null, 'b', 'c'])
    await eventually(() => expect(timerCalls).toEqual(['pause', 'resume']))

    await fixture.append(fixture.events('a3'))
    expect(await effects(5)).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
    expect(await outboxTopics()).toHaveLength(8)
  })

  it('takes nothing from beyond the marks before all is folded, and fires no timer', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    await effects(2)
    await begin()
    await fixture.append(fixture.events('a2'))
    await effects(2)
    // The mark is reached; only the loop may let the group go on, and it is not started yet.
    await eventually(async () => expect((await fixture.position()).next).toBe(2))
    expect(await fixture.effects()).toEqual(['a1', 'b1'])
    await loop.start()
    expect(await effects(3)).toEqual(['a1', 'b1', 'a2'])
    expect((await outboxTopics()).filter((topic) => topic === topics.healthChanges.name)).toHaveLength(3)
    await eventually(() => expect(timerCalls).toEqual(['pause', 'resume']))
  })

  it('passes over what is dead, and a replay is refused until it is done', async () => {
    fixture.behaviour = (events) =>
      events.map(({ id }) => (id === 'b1' ? { kind: 'dead', reason: 'closed' } : { kind: 'done' }))
    await fixture.append(fixture.events('a1', 'b1', 'c1'))
    await effects(2)
    await eventually(async () => expect(await fixture.aside('dead')).toEqual(['b1']))
    fixture.behaviour = () => undefined
    await begin()
    await expect(new DeadLetters(fixture.dataSource).replay({ all: true }, fixture.clock.now())).rejects.toMatchObject({
      code: 'REPLAY_WHILE_REBUILDING',
    })
    await done()
    expect(await fixture.effects()).toEqual(['a1', 'c1'])
    expect(await fixture.aside('dead')).toEqual(['b1'])
  })

  it('waits for what it has to park, and folds that silently, too', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    await effects(2)
    let well = false
    fixture.behaviour = (events, chunk) => {
      for (const event of events) chunk.publish(changeAfter(event))
      return events.map(({ id }) => (id === 'a1' && !well ? { kind: 'retry', reason: 'not yet' } : { kind: 'done' }))
    }
    await begin()
    await loop.start()
    await eventually(async () => expect(await fixture.aside('parked')).toEqual(['a1']))
    await fixture.append(fixture.events('b2'))
    expect(await state()).toBe('rebuilding')
    expect(await fixture.effects()).toEqual(['b1'])
    well = true
    fixture.clock.advance(60_000)
    expect(await effects(3)).toEqual(['b1', 'a1', 'b2'])
    expect((await outboxTopics()).filter((topic) => topic === topics.healthChanges.name)).toHaveLength(3)
  })

  it('clears the fences with the state: what a writer sent twice still counts once', async () => {
    const once = fixture.events('a1', 'a2')
    await fixture.append([...once, ...once])
    await eventually(async () => expect((await fixture.position()).next).toBe(4))
    await begin()
    await done()
    expect(await fixture.effects()).toEqual(['a1', 'a2'])
  })

  it('is refused while a key is parked', async () => {
    fixture.behaviour = (events) => events.map(() => ({ kind: 'retry', reason: 'not yet' }))
    await fixture.append(fixture.events('a1'))
    await eventually(async () => expect(await fixture.aside('parked')).toEqual(['a1']))
    await expect(begin()).rejects.toMatchObject({ code: 'REBUILD_KEYS_PARKED', status: 409 })
    expect(await state()).toBe('running')
  })

  it('is refused while one is under way or the group is stopped', async () => {
    await fixture.append(fixture.events('a1'))
    await effects(1)
    await begin()
    await expect(begin()).rejects.toMatchObject({ code: 'REBUILD_NOT_RUNNING' })
    await fixture.dataSource.query(`UPDATE consumer_group SET state = 'stopped'`)
    await expect(begin()).rejects.toMatchObject({ code: 'REBUILD_NOT_RUNNING' })
  })

  it('is refused when a topic has lost its beginning', async () => {
    await fixture.append(fixture.events('a1', 'a2'))
    await effects(2)
    await fixture.loseBeginning(PARTITION, 1)
    await expect(begin()).rejects.toMatchObject({ code: 'REBUILD_LOG_INCOMPLETE' })
  })

  it('is refused when the log is not the one that the state was made from, unless what is lost may be', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    await effects(2)
    const { manager } = fixture.dataSource
    const moveTo = async (at: 'progress' | 'end') => {
      const { epoch } = await consumerGroups.open(manager, 'health')
      expect(await consumerGroups.stop(manager, 'health', 'another log', epoch)).toBe(true)
      expect(await resumeGroup(fixture.dataSource, fixture.log, 'health', at)).toBe(true)
    }
    await moveTo('progress') // its positions fit: the same log by another id
    await moveTo('end') // of the log that it was made from, after it was on another by mistake
    await begin()
    await done()
    await fixture.dataSource.query(`UPDATE consumer_progress SET last_ce_id = 'of another' WHERE next_offset = 2`)
    await moveTo('end')
    await expect(begin()).rejects.toMatchObject({ code: 'REBUILD_LOSES_HISTORY', status: 409 })
    expect(await fixture.effects()).toEqual(['a1', 'b1'])

    await fixture.startRebuild(rebuild, true)
    await done()
    await begin() // all that is there now is from this log
  })

  it('lets no timer fire while the state is being cleared, and lets them again when it is refused', async () => {
    const seen: string[] = []
    await loop.start()
    await eventually(() => expect(timerCalls).toEqual(['pause', 'resume']))
    await expect(
      loop.begin(async () => {
        seen.push(...timerCalls)
        await Promise.reject(new Error('refused'))
      }),
    ).rejects.toThrow('refused')
    expect(seen).toEqual(['pause', 'resume', 'pause'])
    await eventually(() => expect(timerCalls).toEqual(['pause', 'resume', 'pause', 'resume']))
  })

  it('lets no timer fire while it is stopped in the middle', async () => {
    await fixture.append(fixture.events('a1'))
    await effects(1)
    await stopInTheMiddle()
    await loop.start()
    await loop.stop() // it has looked once
    expect(timerCalls).toEqual(['pause'])
  })

  it('stopped in the middle and resumed at the start, folds silently what it had published before', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    await effects(2)
    await stopInTheMiddle()
    await fixture.append(fixture.events('c1'))
    await resumed('start')
    expect(await effects(3)).toEqual(['a1', 'b1', 'c1'])
    expect(await outboxTopics()).toEqual([...changes(2), topics.scores.name, topics.scores.name, ...changes(1)])
  })

  it('stopped in the middle and resumed at the end, publishes what it had folded, then what is new', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    await effects(2)
    await stopInTheMiddle()
    await fixture.dataSource.query(`INSERT INTO effect (key, id) VALUES ('a', 'a1')`)
    await resumed('end')
    await fixture.append(fixture.events('c1'))
    expect(await effects(2)).toEqual(['a1', 'c1'])
    expect(await outboxTopics()).toEqual([...changes(2), topics.scores.name, ...changes(1)])
  })

  it('stopped in the middle and resumed at the start of another log, takes all that is there as new', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    await effects(2)
    await stopInTheMiddle()
    await fixture.dataSource.query(`INSERT INTO effect (key, id) VALUES ('a', 'a1')`)
    const other = await fixture.anotherLog()
    await other.append(fixture.events('c1'))
    await resumed('start', other)
    expect(await effects(2)).toEqual(['a1', 'c1'])
    expect(await outboxTopics()).toEqual([...changes(2), topics.scores.name, ...changes(1)])
  })

  it('publishes what is replayed after it, though that died in it', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    await effects(2)
    const behaviour = fixture.behaviour
    fixture.behaviour = (events) =>
      events.map(({ id }) => (id === 'b1' ? { kind: 'dead', reason: 'closed' } : { kind: 'done' }))
    await begin()
    await done()
    expect(await fixture.aside('dead')).toEqual(['b1'])
    const before = await outboxTopics()

    fixture.behaviour = behaviour
    await new DeadLetters(fixture.dataSource).replay({ all: true }, fixture.clock.now())
    expect(await effects(2)).toEqual(['a1', 'b1'])
    expect(await outboxTopics()).toEqual([...before, ...changes(1)])
  })

  it('leaves everything as it was when the state cannot be cleared', async () => {
    await fixture.append(fixture.events('a1'))
    await effects(1)
    const failing: RebuildOptions = { ...rebuild, clear: () => Promise.reject(new Error('no')) }
    await expect(fixture.startRebuild(failing)).rejects.toThrow('no')
    expect(await state()).toBe('running')
    expect(await fixture.position()).toMatchObject({ next: 1, mark: null, epoch: 1 })
  })
})
