import { eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { RunnerFixture } from '../../test/runner-fixture.suite.ts'
import { EmbeddedConsumption } from '../log/embedded/embedded-consumption.ts'
import { resumeGroup } from '../operations/resume-group.ts'
import { EventsConsumer } from './events-consumer.ts'
import { consumerGroups } from './progress/consumer-groups.ts'

let fixture: RunnerFixture
const running: EventsConsumer[] = []
beforeEach(async () => {
  fixture = await RunnerFixture.open()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((consumer) => consumer.stop()))
  await fixture.close()
})

const start = async (log = fixture.log): Promise<EventsConsumer> => {
  const consumer = new EventsConsumer(fixture.context({ log }), [fixture.handler()], (fault) => {
    throw new Error('crashed', { cause: fault })
  })
  running.push(consumer)
  await consumer.start()
  return consumer
}
const stop = async (consumer: EventsConsumer): Promise<void> => {
  running.splice(running.indexOf(consumer), 1)
  await consumer.stop()
}
const group = () => consumerGroups.find(fixture.dataSource.manager, 'health')
const effects = (count: number): Promise<string[]> => fixture.effectsOf(count)

const consumedOnce = async (...ids: string[]): Promise<void> => {
  const consumer = await start()
  await fixture.append(fixture.events(...ids))
  expect(await effects(ids.length)).toEqual(ids)
  await stop(consumer)
}
/** The database refuses the effect of this event, but only at the end of its transaction. */
const refuseAtCommit = async (id: string): Promise<void> => {
  await fixture.dataSource.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.id = '${id}' THEN RAISE EXCEPTION 'no' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$`)
  await fixture.dataSource.query(
    `CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON effect DEFERRABLE INITIALLY DEFERRED
     FOR EACH ROW EXECUTE FUNCTION refuse()`,
  )
}
const expectStopped = (reason: RegExp, consumer: EventsConsumer) =>
  eventually(async () => {
    expect(await group()).toMatchObject({ state: 'stopped', reason: expect.stringMatching(reason) })
    await expect(consumer.checkHealth()).rejects.toThrow(/health is stopped/)
  })

describe('consuming', () => {
  it('goes on after a restart where it was', async () => {
    await fixture.append(fixture.events('a1', 'b1'))
    const first = await start()
    expect(await effects(2)).toEqual(['a1', 'b1'])
    await stop(first)
    await fixture.append(fixture.events('a2'))
    await start()
    expect(await effects(3)).toEqual(['a1', 'b1', 'a2'])
  })

  it('gives every effect once although two instances fight over the partition', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `${'abcd'[n % 4]}${n}`)
    await start()
    await fixture.append(fixture.events(...ids.slice(0, 20)))
    await start()
    await fixture.append(fixture.events(...ids.slice(20)))
    expect(await effects(ids.length)).toEqual(ids)
  })

  it('releases what is parked when it is due', async () => {
    let well = false
    fixture.behaviour = (events) => events.map(() => (well ? { kind: 'done' } : { kind: 'retry', reason: 'not yet' }))
    await start()
    await fixture.append(fixture.events('a1', 'a2'))
    await eventually(async () => expect(await fixture.aside('parked')).toEqual(['a1', 'a2']))
    well = true
    fixture.clock.advance(60_000)
    expect(await effects(2)).toEqual(['a1', 'a2'])
    expect(await fixture.aside('parked')).toEqual([])
  })

  it('parks a message whose effects the database refuses only at the end of the chunk', async () => {
    await refuseAtCommit('bad1')
    await fixture.append(fixture.events('a1', 'b1', 'bad1', 'c1', 'a2'))
    await start()
    expect(await effects(4)).toEqual(['a1', 'b1', 'c1', 'a2'])
    expect(await fixture.aside('parked')).toEqual(['bad1'])
  })

  it('blames no message of a parked key for what the database refuses of a later one', async () => {
    await refuseAtCommit('a3')
    fixture.behaviour = (events) => events.map(() => ({ kind: 'retry', reason: 'not yet' }))
    await start()
    await fixture.append(fixture.events('a1', 'a2', 'a3', 'a4'))
    await eventually(async () => expect(await fixture.aside('parked')).toEqual(['a1', 'a2', 'a3', 'a4']))
    fixture.behaviour = () => undefined
    fixture.clock.advance(60_000)
    expect(await effects(2)).toEqual(['a1', 'a2'])
    await eventually(async () =>
      expect(await fixture.dataSource.query('SELECT attempts FROM parked_key')).toEqual([{ attempts: 1 }]),
    )
    expect(await fixture.aside('parked')).toEqual(['a3', 'a4'])
  })

  it('is not well while where to start cannot be told, and goes on when it can', async () => {
    const positions = jest.spyOn(fixture.log, 'positions').mockRejectedValue(new Error('no bounds'))
    const consumer = await start()
    await fixture.append(fixture.events('a1'))
    await eventually(() => expect(consumer.checkHealth()).rejects.toThrow('cannot go on in ingestion.usage-events.v1'))
    positions.mockRestore()
    expect(await effects(1)).toEqual(['a1'])
    await eventually(() => consumer.checkHealth())
  })

  it('is not well while its log gives no sign of life', async () => {
    const consumer = await start()
    await eventually(() => consumer.checkHealth())
    const aliveAt = jest.spyOn(EmbeddedConsumption.prototype, 'aliveAt')
    aliveAt.mockReturnValue(new Date(Date.now() - 29_000))
    await consumer.checkHealth()
    aliveAt.mockReturnValue(new Date(Date.now() - 31_000))
    await expect(consumer.checkHealth()).rejects.toMatchObject({
      code: 'CONSUMER_NOT_WELL',
      message: expect.stringMatching(/^health has shown no sign of life for 31\d{3} ms$/),
    })
    aliveAt.mockRestore()
    await consumer.checkHealth()
  })

  it('ends the process, with code 1, when it ends by itself', async () => {
    await fixture.append(fixture.events('a1'))
    const { database, logUrl } = fixture
    const child = fork('libs/messaging/test/crashing-consumer.ts', [database.url, logUrl], {
      cwd: join(import.meta.dirname, '../../../..'),
      execArgv: ['--import', './tools/run-sources.ts', '--conditions=@banso/source'],
      silent: true,
    })
    let said = ''
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()))
    const stuck = setTimeout(() => child.kill('SIGKILL'), 20_000)
    const [code] = (await once(child, 'close')) as [number]
    clearTimeout(stuck)
    expect(said).toContain('the consumption of events ended by itself')
    expect(said).toContain('TypeError: a bug')
    expect(code).toBe(1)
  })

  it('pauses while the infrastructure is away, says so, and does all of it afterwards', async () => {
    let away = true
    fixture.behaviour = () => {
      if (away) throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    }
    const consumer = await start()
    await fixture.append(fixture.events('a1'))
    await eventually(() =>
      expect(consumer.checkHealth()).rejects.toThrow('cannot go on in ingestion.usage-events.v1/3'),
    )
    expect(await fixture.effects()).toEqual([])
    away = false
    expect(await effects(1)).toEqual(['a1'])
    await eventually(() => consumer.checkHealth())
  })
})

describe('a log made anew', () => {
  it('stops the group, red, and nothing is consumed until a person resumes it', async () => {
    await consumedOnce('a1', 'a2')
    const other = await fixture.anotherLog()
    await other.append(fixture.events('b1', 'b2', 'b3'))
    const consumer = await start(other)
    await expectStopped(/of another log/, consumer)
    expect(await fixture.effects()).toEqual(['a1', 'a2'])
    expect(await resumeGroup(fixture.dataSource, other, 'health', 'start')).toBe(true)
    expect((await group())?.historyLostAt).toBeInstanceOf(Date)
    expect(await effects(5)).toEqual(['a1', 'a2', 'b1', 'b2', 'b3'])
    await consumer.checkHealth()
  })

  it('is resumed at its end when what it holds shall be left out', async () => {
    await consumedOnce('a1')
    const other = await fixture.anotherLog()
    await other.append(fixture.events('b1', 'b2'))
    await expectStopped(/of another log/, await start(other))
    await resumeGroup(fixture.dataSource, other, 'health', 'end')
    await other.append(fixture.events('c1'))
    expect(await effects(2)).toEqual(['a1', 'c1'])
  })

  it('is seen by the record before the position when its id is the same', async () => {
    await consumedOnce('a1', 'a2')
    await fixture.dataSource.query(`UPDATE consumer_progress SET last_ce_id = 'other' WHERE next_offset = 2`)
    await expectStopped(/the record before 2 is a2, not other/, await start())
    await resumeGroup(fixture.dataSource, fixture.log, 'health', 'progress')
    expect((await group())?.logCounter).toBe(1)
    await fixture.append(fixture.events('a3'))
    expect(await effects(3)).toEqual(['a1', 'a2', 'a3'])
  })

  it('is seen by its end, and not resumed at a progress that it does not have', async () => {
    await consumedOnce('a1', 'a2')
    await fixture.dataSource.query(
      'UPDATE consumer_progress SET next_offset = 9, last_ce_id = NULL WHERE next_offset = 2',
    )
    await expectStopped(/beyond the log's end 2/, await start())
    await expect(resumeGroup(fixture.dataSource, fixture.log, 'health', 'progress')).rejects.toMatchObject({
      code: 'RESUME_OUT_OF_RANGE',
    })
    expect((await group())?.state).toBe('stopped')
  })

  it('leaves a group alone that is not stopped', async () => {
    await consumedOnce('a1')
    expect(await resumeGroup(fixture.dataSource, fixture.log, 'health', 'start')).toBe(false)
    expect(await group()).toMatchObject({ state: 'running', logCounter: 0, epoch: 1 })
  })
})
