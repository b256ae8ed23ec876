import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { changeAfter, PARTITION, RunnerFixture } from '../../../test/runner-fixture.suite.ts'
import type { RunnerContext } from '../runner-context.ts'
import { DeadLetters } from './dead-letters.ts'
import { ParkedList } from './parked-list.ts'
import { MAX_ATTEMPTS } from './parked-messages.ts'
import { failKey, type Released, releaseKey } from './release-key.ts'

const TOPIC = 'ingestion.usage-events.v1'
const KEY = { topic: TOPIC, partition: PARTITION, key: 'a' }

let fixture: RunnerFixture
let context: RunnerContext

const failing = new Set<string>()

const consume = (...ids: string[]) => fixture.consume(...ids)
const release = (): Promise<Released> => releaseKey(context, fixture.handler(), KEY)
const due = () => new ParkedList('health').due(fixture.dataSource.manager, fixture.clock.now(), [KEY], 10)

export const describeReleaseKey = (): void => {
  describe('a parked key', () => {
    beforeEach(async () => {
      fixture = await RunnerFixture.open()
      context = fixture.context()
    })
    afterEach(() => fixture.close())
    afterEach(() => failing.clear())
    beforeEach(() => {
      fixture.behaviour = (events, chunk) => {
        for (const event of events) if (!failing.has(event.id)) chunk.publish(changeAfter(event))
        if (events.some(({ id }) => failing.has(id))) throw new Error('not yet')
      }
    })

    it('is tried again after 1 s, then 2 s, 4 s, up to a minute', async () => {
      failing.add('a1')
      await consume('a1', 'a2')
      expect(await due()).toEqual([])
      fixture.clock.advance(1_000)
      expect(await due()).toEqual([KEY])
      expect(await release()).toBe('failed')
      fixture.clock.advance(1_999)
      expect(await due()).toEqual([])
      fixture.clock.advance(1)
      expect(await due()).toEqual([KEY])
      for (let n = 0; n < 9; n += 1) await release()
      fixture.clock.advance(59_999)
      expect(await due()).toEqual([])
      fixture.clock.advance(1)
      expect(await due()).toEqual([KEY])
    })

    it('is freed when its whole list is done, in order, and publishes then', async () => {
      failing.add('a1')
      await consume('a1', 'b1', 'a2', 'a3')
      failing.clear()
      expect(await release()).toBe('went on')
      expect(await fixture.effects('a')).toEqual(['a1', 'a2', 'a3'])
      expect(await fixture.outbox()).toHaveLength(4)
      expect(await release()).toBe('rests')
      await consume('a4')
      expect(await fixture.effects('a')).toEqual(['a1', 'a2', 'a3', 'a4'])
    })

    it('stays with what comes after the message that fails next', async () => {
      failing.add('a1').add('a3')
      await consume('a1', 'a2', 'a3', 'a4')
      failing.delete('a1')
      expect(await release()).toBe('failed')
      expect(await fixture.effects()).toEqual(['a1', 'a2'])
      expect(await fixture.aside('parked')).toEqual(['a3', 'a4'])
      await consume('a5')
      failing.clear()
      await release()
      expect(await fixture.effects()).toEqual(['a1', 'a2', 'a3', 'a4', 'a5'])
    })

    it('loses its first message after 20 failures, and goes on', async () => {
      failing.add('a1')
      await consume('a1', 'a2')
      for (let n = 1; n < MAX_ATTEMPTS - 1; n += 1) expect(await release()).toBe('failed')
      expect(await fixture.aside('dead')).toEqual([])
      expect(await release()).toBe('went on')
      expect(await fixture.aside('dead')).toEqual(['a1'])
      await release()
      expect(await fixture.effects()).toEqual(['a2'])
      const [letter] = await new DeadLetters(fixture.dataSource).list(undefined, 10)
      expect(letter).toMatchObject({ reason: 'the handler threw', errorClass: 'Error', attempts: MAX_ATTEMPTS })
    })

    it('takes what arrives while it is released behind it: both lock the progress row', async () => {
      failing.add('a1')
      await consume('a1')
      failing.clear()
      await Promise.all([release(), consume('a2'), release()])
      await release()
      expect(await fixture.effects()).toEqual(['a1', 'a2'])
      expect(await fixture.aside('parked')).toEqual([])
    })

    it('keeps everything when the release cannot be committed', async () => {
      failing.add('a1')
      await consume('a1')
      fixture.behaviour = (_, chunk) => chunk.tx.query('SELECT pg_terminate_backend(pg_backend_pid())')
      await expect(release()).rejects.toThrow(/terminat/i)
      expect(await fixture.aside('parked')).toEqual(['a1'])
      expect(await fixture.effects()).toEqual([])
    })

    it('counts a failure from outside of the handler', async () => {
      failing.add('a1')
      await consume('a1', 'a2')
      expect(await failKey(context, KEY, new Error('the outbox refuses it'))).toBe('failed')
      expect(await fixture.dataSource.query('SELECT attempts FROM parked_key')).toEqual([{ attempts: 2 }])
      expect(await fixture.effects()).toEqual([])
    })

    it('rests while its group is stopped', async () => {
      failing.add('a1')
      await consume('a1')
      await fixture.dataSource.query(`UPDATE consumer_group SET state = 'stopped'`)
      failing.clear()
      expect(await release()).toBe('rests')
      expect(await fixture.effects()).toEqual([])
    })
  })
}
