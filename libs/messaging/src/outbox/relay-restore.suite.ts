import { HEADER } from '@banso/contracts'
import { bandChanged, eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { accountsOn, fenced, idsOf, ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import { OutboxBehindLogError } from './errors.ts'
import type { OutboxRelay, RelayLog } from './outbox-relay.ts'

const CHANGES = 'health.changes.v1'

let fixture: ServiceFixture
let service: TestProcess

const relayOn = async (log: RelayLog): Promise<OutboxRelay> => {
  const relay = await fixture.relay(service, { log })
  await relay.start()
  return relay
}

const publish = async (events: number): Promise<string[]> => {
  const made = accountsOn(3, events).map((accountId) => bandChanged({ accountId }))
  await service.transactions.run([], async (work) => {
    for (const event of made) work.publish(event)
  })
  return made.map(({ id }) => id)
}

/** Sends `events` and then puts the database back to a backup from before. */
const sendAndRestore = async (events: number, kept: number): Promise<string[]> => {
  const before = await publish(kept)
  const backup = await service.dataSource.query<{ id: string }[]>('SELECT * FROM outbox ORDER BY id')
  const ids = [...before, ...(await publish(events - kept))]
  const relay = await relayOn(await fixture.log())
  await eventually(async () => expect(idsOf(await fixture.logged(CHANGES))).toEqual(ids))
  await relay.stop()
  await service.dataSource.query('DELETE FROM outbox')
  await service.dataSource.query(
    `INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::outbox, $1::jsonb)`,
    [JSON.stringify(backup.map((row) => ({ ...row, value: '\\x7b7d' })))],
  )
  await service.dataSource.query(`SELECT setval('outbox_id_seq', $1)`, [kept])
  return ids
}

export const describeRelayRestore = (): void => {
  describe('OutboxRelay on a restored database', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    it('sends nothing when the log knows more than the database, and says so', async () => {
      const ids = await sendAndRestore(5, 2)
      const relay = await relayOn(await fixture.log())
      await publish(9) // far beyond the log's last sequence: the comparison is with what was there at the start
      await eventually(() => expect(relay.state).toBe('behind'))
      expect(relay.fault).toBeInstanceOf(OutboxBehindLogError)
      expect(relay.fault?.code).toBe('OUTBOX_BEHIND_LOG')
      expect(idsOf(await fixture.logged(CHANGES))).toEqual(ids)
      expect(await relay.backlog()).toMatchObject({ rows: 11 })
    })

    it('goes on under a new generation, and consumers lose nothing and see nothing twice', async () => {
      const ids = await sendAndRestore(5, 2)
      const relay = await relayOn(await fixture.log())
      const since = await publish(4) // ids 3 to 6: the log has 3 to 5 of other events
      await eventually(() => expect(relay.state).toBe('behind'))
      expect(await relay.raiseGeneration()).toBe(2)
      const after = await publish(1)
      await eventually(async () =>
        expect(idsOf(fenced(await fixture.logged(CHANGES)))).toEqual([...ids, ...since, ...after]),
      )
      expect(relay.state).toBe('sending')
      expect(relay.fault).toBeUndefined()
      const repeated = (await fixture.logged(CHANGES)).slice(5, 7)
      expect(repeated.map(({ headers }) => headers[HEADER.writer])).toEqual(['outbox/health/1', 'outbox/health/1'])
    })

    it('never takes a generation that the log has seen', async () => {
      await sendAndRestore(5, 2)
      const first = await relayOn(await fixture.log())
      await eventually(() => expect(first.state).toBe('behind'))
      await first.raiseGeneration()
      await publish(1)
      await eventually(async () => expect(await fixture.logged(CHANGES)).toHaveLength(8))
      await first.stop()
      // The same backup once more: it knows generation 1 only, and its last id is above what the log has of that.
      await service.dataSource.query(`SELECT setval('outbox_id_seq', 50)`)
      await service.dataSource.query('DELETE FROM outbox_relay')
      const second = await relayOn(await fixture.log())
      await eventually(() => expect(second.state).toBe('behind'))
      expect(await second.raiseGeneration()).toBe(3)
      await eventually(() => expect(second.state).toBe('sending'))
    })

    it('compares as soon as the log answers, and sends nothing before', async () => {
      const ids = await sendAndRestore(3, 1)
      const log = await fixture.log()
      let away = true
      let appends = 0
      const relay = await relayOn({
        append: async (records) => {
          appends += 1
          await log.append(records)
        },
        positions: async (topic) => {
          if (away) throw new Error('the log is away')
          return log.positions(topic)
        },
        read: (partition, from, limit) => log.read(partition, from, limit),
      })
      await publish(20)
      await eventually(() => expect(relay.state).toBe('checking'))
      away = false
      await eventually(() => expect(relay.state).toBe('behind'))
      expect(appends).toBe(0)
      expect(await fixture.logged(CHANGES)).toHaveLength(ids.length)
    })

    it('an ordinary restart finds nothing wrong', async () => {
      const ids = await publish(3)
      const first = await relayOn(await fixture.log())
      await eventually(async () => expect(idsOf(await fixture.logged(CHANGES))).toEqual(ids))
      await first.stop()
      const more = await publish(2)
      const second = await relayOn(await fixture.log())
      await eventually(async () => expect(idsOf(await fixture.logged(CHANGES))).toEqual([...ids, ...more]))
      expect(second.fault).toBeUndefined()
    })
  })
}
