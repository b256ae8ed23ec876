import { topics } from '@banso/contracts'
import { productUsed, recordOf } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { changeAfter, PARTITION, RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import type { LogRecord } from '../../log/event-log.ts'
import type { ChunkResult } from '../consuming/process-chunk.ts'
import { MOST_LINES } from '../parking/aside-log.ts'
import { MAX_ATTEMPTS } from '../parking/parked-messages.ts'
import { releaseKey } from '../parking/release-key.ts'
import { runChunks } from './run-chunks.ts'

let fixture: RunnerFixture

const run = async (
  records: readonly LogRecord[],
  overrides: { from?: number; epoch?: number } = {},
): Promise<ChunkResult> => {
  const position = await fixture.position()
  const chunk = {
    topic: topics.usageEvents.name,
    partition: PARTITION,
    from: overrides.from ?? records[0]?.offset ?? 0,
    epoch: overrides.epoch ?? position.epoch,
    records,
  }
  const [result] = await runChunks(fixture.context(), { handler: fixture.handler() }, [chunk])
  if (!result) throw new Error('no answer')
  return result
}

const given = async (...ids: string[]): Promise<readonly LogRecord[]> => {
  const { next } = await fixture.position()
  await fixture.append(fixture.events(...ids))
  return fixture.logged(next)
}

export const describeRunChunks = (): void => {
  describe('chunks of one partition', () => {
    beforeEach(async () => {
      fixture = await RunnerFixture.open()
    })
    afterEach(() => fixture.close())

    describe('a chunk', () => {
      it('commits effects, outbox, timers and the position together', async () => {
        const records = await given('a1', 'b1', 'a2')
        fixture.behaviour = (events, chunk) => {
          for (const event of events) chunk.publish(changeAfter(event))
          chunk.schedule({ id: 't', key: 'a', kind: 'k', dueAt: chunk.now, payload: {} })
        }
        expect(await run(records)).toMatchObject({ kind: 'committed', position: { next: 3, lastCeId: 'a2' } })
        expect(await fixture.effects()).toEqual(['a1', 'b1', 'a2'])
        expect(await fixture.outbox()).toHaveLength(3)
        expect(await fixture.dataSource.query('SELECT id FROM timer')).toEqual([{ id: 't' }])
        expect(await fixture.position()).toMatchObject({ next: 3, lastCeId: 'a2' })
      })

      it.each([
        ['before the position moves', 'consumer_progress', 'UPDATE'],
        ['at the outbox, the last statement', 'outbox', 'INSERT'],
      ])('leaves nothing when the process dies %s, and all of it when it is run again', async (_, table, verb) => {
        const records = await given('a1', 'b1')
        fixture.behaviour = (events, chunk) => events.forEach((event) => chunk.publish(changeAfter(event)))
        await fixture.dataSource.query(`
      CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`)
        await fixture.dataSource.query(
          `CREATE TRIGGER die BEFORE ${verb} ON ${table} FOR EACH ROW EXECUTE FUNCTION die()`,
        )
        await expect(run(records)).rejects.toThrow(/terminat/i)
        expect(await fixture.effects()).toEqual([])
        expect(await fixture.outbox()).toEqual([])
        expect(await fixture.position()).toMatchObject({ next: 0 })

        await fixture.dataSource.query(`DROP TRIGGER die ON ${table}`)
        await run(records)
        expect(await fixture.effects()).toEqual(['a1', 'b1'])
        expect(await fixture.outbox()).toHaveLength(2)
      })

      it('leaves nothing when the commit itself fails', async () => {
        const records = await given('a1')
        await fixture.dataSource.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$`)
        await fixture.dataSource
          .query(`CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON effect DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION refuse()`)
        await expect(run(records)).rejects.toThrow('no')
        expect(await fixture.effects()).toEqual([])
        expect(await fixture.position()).toMatchObject({ next: 0 })
      })

      it('does nothing when it comes again, whole or in part', async () => {
        const records = await given('a1', 'a2', 'a3')
        await run(records.slice(0, 2))
        await run(records.slice(0, 2))
        await run(records)
        expect(await fixture.effects()).toEqual(['a1', 'a2', 'a3'])
      })

      it('drops what its writer sent twice, within the chunk and after it', async () => {
        const once = fixture.events('a1', 'a2')
        await fixture.append([...once, ...once])
        await fixture.append(once)
        const records = await fixture.logged()
        await run(records.slice(0, 4))
        await run(records.slice(4))
        expect(await fixture.effects()).toEqual(['a1', 'a2'])
        expect(await fixture.position()).toMatchObject({ next: 6 })
      })

      it('comes to a handler of a compacted topic once per record: there only the position tells', async () => {
        const [first, second] = fixture.events('a1', 'a2')
        if (!first || !second) throw new Error('two were made')
        await fixture.append([first, second, first])
        const records = await fixture.logged()
        const handler = { ...fixture.handler(), topic: { ...topics.usageEvents, compacted: true } }
        const chunk = {
          topic: topics.usageEvents.name,
          partition: PARTITION,
          from: 0,
          epoch: (await fixture.position()).epoch,
        }
        await runChunks(fixture.context(), { handler }, [{ ...chunk, records: records.slice(0, 2) }])
        await runChunks(fixture.context(), { handler }, [{ ...chunk, records }])
        expect(await fixture.effects()).toEqual(['a1', 'a2', 'a1'])
      })

      it('is refused when it was fetched beyond the position', async () => {
        const records = await given('a1', 'a2')
        expect(await run(records.slice(1))).toMatchObject({ kind: 'refused', why: 'elsewhere', position: { next: 0 } })
        expect(await fixture.effects()).toEqual([])
      })

      it('is refused when it was fetched under another epoch', async () => {
        const records = await given('a1')
        expect(await run(records, { epoch: 7 })).toMatchObject({ kind: 'refused', why: 'elsewhere' })
        expect(await fixture.effects()).toEqual([])
      })

      it('waits for a chunk of the same partition that is under way elsewhere, and then has nothing left to do', async () => {
        const records = await given('a1', 'a2')
        await Promise.all([run(records), run(records), run(records)])
        expect(await fixture.effects()).toEqual(['a1', 'a2'])
      })
    })

    describe('a message that fails', () => {
      it('is found by halving, parks its key, and lets the others pass', async () => {
        const records = await given('a1', 'b1', 'poison1', 'c1', 'poison2', 'a2')
        fixture.behaviour = (events, chunk) => {
          for (const event of events) chunk.publish(changeAfter(event))
          if (events.some(({ id }) => id === 'poison1')) throw new TypeError('of undefined')
        }
        await run(records)
        expect(await fixture.effects()).toEqual(['a1', 'b1', 'c1', 'a2'])
        expect(await fixture.outbox()).toHaveLength(4)
        expect(await fixture.aside('parked')).toEqual(['poison1', 'poison2'])
        expect(await fixture.dataSource.query('SELECT * FROM parked_message ORDER BY id LIMIT 1')).toMatchObject([
          {
            key: 'poison',
            record_offset: '2',
            reason: 'the handler threw',
            error_class: 'TypeError',
            attempts: 1,
            service_version: '9.9.9',
            first_failed_at: fixture.clock.now(),
            value: records[2]?.value,
            headers: records[2]?.headers,
          },
        ])
      })

      it('is undone and parked with what follows of its key when the handler says retry', async () => {
        const records = await given('a1', 'a2', 'a3', 'b1')
        fixture.behaviour = (events) =>
          events.map(({ id }) => (id === 'a2' ? { kind: 'retry', reason: 'no profile yet' } : { kind: 'done' }))
        await run(records)
        expect(await fixture.effects()).toEqual(['a1', 'b1'])
        expect(await fixture.aside('parked')).toEqual(['a2', 'a3'])
        await run(await given('a4', 'b2'))
        expect(await fixture.effects()).toEqual(['a1', 'b1', 'b2'])
        expect(await fixture.aside('parked')).toEqual(['a2', 'a3', 'a4'])
      })

      it('is dead at once when it cannot be read, or the handler says so', async () => {
        const [broken, ...others] = fixture.events('x1', 'a1', 'b1')
        if (!broken) throw new Error('three were made')
        await fixture.append([{ ...broken, value: Buffer.from('{"accountId":') }, ...others])
        fixture.behaviour = (events) =>
          events.map(({ id }) => (id === 'a1' ? { kind: 'dead', reason: 'closed for good' } : { kind: 'done' }))
        await run(await fixture.logged())
        expect(await fixture.aside('dead')).toEqual(['x1', 'a1'])
        expect(await fixture.aside('parked')).toEqual([])
        expect(await fixture.dataSource.query('SELECT key FROM parked_key')).toEqual([])
      })

      it('is told of in the log, once, by what it is found again by, and nothing of what it holds', async () => {
        const [poison, behind] = [randomUUID(), randomUUID()]
        const account = '51dfd479-ec69-57c8-94fa-2791ee940d50'
        const of = (id: string, data: Parameters<typeof productUsed>[0] = {}) => ({
          ...recordOf(productUsed({ ...data, name: 'ann@acme.test' }, { id, key: account })),
          partition: PARTITION,
        })
        const unreadable = { ...of(randomUUID()), key: 'ann@acme.test', headers: { ce_id: 'ann@acme.test' } }
        await fixture.append([of(poison), of(behind), unreadable])
        fixture.behaviour = () => {
          throw new Error('ann@acme.test has no plan')
        }
        await run(await fixture.logged())
        const place = { group: 'health', topic: topics.usageEvents.name, partition: PARTITION }
        expect(fixture.lines).toMatchObject([
          {
            ...place,
            level: 'warn',
            msg: 'a message is parked, it is tried again',
            offset: 0,
            eventId: poison,
            accountId: account,
            reason: 'the handler threw',
            errorClass: 'Error',
            detail: expect.stringContaining('run-chunks.suite.ts'),
          },
          {
            ...place,
            level: 'error',
            msg: 'a message is given up',
            offset: 2,
            reason: expect.stringContaining('ce_type'),
          },
        ])
        expect(JSON.stringify(fixture.lines)).not.toContain('ann@')

        fixture.lines.length = 0
        const key = { ...place, key: account }
        for (let n = 2; n < MAX_ATTEMPTS; n += 1) await releaseKey(fixture.context(), fixture.handler(), key)
        expect(fixture.lines).toEqual([])
        await releaseKey(fixture.context(), fixture.handler(), key)
        expect(fixture.lines).toMatchObject([{ level: 'error', offset: 0, eventId: poison, accountId: account }])
        await releaseKey(fixture.context(), fixture.handler(), key)
        expect(fixture.lines.slice(1)).toMatchObject([{ level: 'warn', offset: 1, eventId: behind }])
      })

      it('of very many fills no log', async () => {
        await fixture.append(fixture.events(...Array.from({ length: 200 }, () => randomUUID())))
        fixture.behaviour = (events) => events.map(() => ({ kind: 'dead', reason: 'closed for good' }))
        await run(await fixture.logged())
        expect(fixture.lines).toHaveLength(MOST_LINES + 1)
        expect(fixture.lines.at(-1)).toMatchObject({ msg: 'further messages are put aside', further: 200 - MOST_LINES })
      })

      it('rolls the whole chunk back when it is the infrastructure that fails', async () => {
        const records = await given('a1', 'b1')
        fixture.behaviour = () => {
          throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
        }
        await expect(run(records)).rejects.toThrow('connect')
        expect(await fixture.effects()).toEqual([])
        expect(await fixture.aside('parked')).toEqual([])
      })
    })
  })
}
