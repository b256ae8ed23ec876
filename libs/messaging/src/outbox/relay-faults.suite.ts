import { HEADER } from '@banso/contracts'
import { bandChanged, eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { accountsOn, fenced, idsOf, ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import { AppendError } from '../log/errors.ts'
import type { AppendRecord } from '../log/event-log.ts'
import type { OutboxRelay, RelayLog } from './outbox-relay.ts'

const CHANGES = 'health.changes.v1'
const LEASE_MS = 400

let fixture: ServiceFixture
let service: TestProcess

/** The real log, with `append` in between. */
const logWith = async (
  append: (records: readonly AppendRecord[], real: RelayLog['append']) => Promise<void>,
): Promise<RelayLog> => {
  const log = await fixture.log()
  return {
    append: (records) => append(records, (some) => log.append(some)),
    positions: (topic) => log.positions(topic),
    read: (partition, from, limit) => log.read(partition, from, limit),
  }
}

const relayOf = (process: TestProcess, log: RelayLog): Promise<OutboxRelay> =>
  fixture.relay(process, { log, leaseMs: LEASE_MS })

const publish = async (accounts: readonly string[]): Promise<string[]> => {
  const events = accounts.map((accountId) => bandChanged({ accountId }))
  await service.transactions.run([], async (work) => {
    for (const event of events) work.publish(event)
  })
  return events.map(({ id }) => id)
}

const onPartition = async (partition: number) =>
  (await fixture.logged(CHANGES)).filter((record) => record.partition === partition)

export const describeRelayFaults = (): void => {
  describe('OutboxRelay in trouble', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    it('one that died between append and delete is followed by one that sends the same sequences again', async () => {
      const appended = Promise.withResolvers<void>()
      const never = Promise.withResolvers<void>()
      const dying = await logWith(async (records, real) => {
        await real(records)
        appended.resolve()
        await never.promise
      })
      const first = await publish(accountsOn(1, 3))
      await (await relayOf(service, dying)).start()
      await appended.promise
      const second = await publish(accountsOn(1, 2))
      await (await relayOf(await fixture.process(), await fixture.log())).start()
      await eventually(async () => expect(await onPartition(1)).toHaveLength(8))
      const records = await onPartition(1)
      expect(idsOf(records)).toEqual([...first, ...first, ...second])
      expect(records.slice(3, 6).map(({ headers }) => headers)).toEqual(
        records.slice(0, 3).map(({ headers }) => headers),
      )
      expect(idsOf(fenced(records))).toEqual([...first, ...second])
      never.resolve()
    })

    it('one that wakes up late repeats itself, which the fence drops', async () => {
      const asleep = Promise.withResolvers<void>()
      const awake = Promise.withResolvers<void>()
      const woken = Promise.withResolvers<void>()
      const sleeping = await logWith(async (records, real) => {
        asleep.resolve()
        await awake.promise
        await real(records)
        woken.resolve()
      })
      const first = await publish(accountsOn(2, 2))
      const zombie = await relayOf(service, sleeping)
      await zombie.start()
      await asleep.promise
      const second = await publish(accountsOn(2, 2))
      await (await relayOf(await fixture.process(), await fixture.log())).start()
      await eventually(async () => expect(idsOf(await onPartition(2))).toEqual([...first, ...second]))
      awake.resolve()
      await woken.promise
      const third = await publish(accountsOn(2, 1))
      await eventually(async () => expect(idsOf(fenced(await onPartition(2)))).toEqual([...first, ...second, ...third]))
      expect(await onPartition(2)).toHaveLength(7)
      await eventually(() => expect(zombie.state).toBe('waiting'))
    })

    it('sends what was not confirmed before anything newer of its partition', async () => {
      let appends = 0
      const [blocked, open] = [5, 6]
      const partial = await logWith(async (records, real) => {
        appends += 1
        if (appends > 2) return real(records)
        const lost = records.filter(({ partition }) => partition === blocked)
        await real(records.filter(({ partition }) => partition !== blocked))
        throw new AppendError(lost)
      })
      const stuck = await publish(accountsOn(blocked, 2))
      const through = await publish(accountsOn(open, 2))
      await (await relayOf(service, partial)).start()
      await eventually(async () => expect(await onPartition(open)).toHaveLength(2))
      expect(await onPartition(blocked)).toHaveLength(0)
      const newer = await publish(accountsOn(blocked, 1))
      await eventually(async () => expect(idsOf(await onPartition(blocked))).toEqual([...stuck, ...newer]))
      expect(idsOf(await onPartition(open))).toEqual(through)
    })

    it('keeps what stands behind an unconfirmed record of the same partition', async () => {
      let appends = 0
      const torn = await logWith(async (records, real) => {
        appends += 1
        if (appends > 1) return real(records)
        await real(records.slice(0, 1))
        throw new AppendError(records.slice(1, 2)) // says nothing of the third
      })
      const ids = await publish(accountsOn(7, 3))
      await (await relayOf(service, torn)).start()
      await eventually(async () => expect(idsOf(await onPartition(7))).toEqual(ids))
    })

    it('goes on by itself when the log was away', async () => {
      let away = true
      const log = await logWith(async (records, real) => {
        if (away) throw new AppendError(records)
        await real(records)
      })
      const ids = await publish(accountsOn(8, 3))
      const relay = await relayOf(service, log)
      await relay.start()
      await eventually(() => expect(relay.state).toBe('sending'))
      away = false
      await eventually(async () => expect(idsOf(await onPartition(8))).toEqual(ids))
    })

    it('two relays do not do the same work', async () => {
      const senders: string[] = []
      const spying = (name: string) =>
        logWith(async (records, real) => {
          senders.push(name)
          await real(records)
        })
      const left = await relayOf(service, await spying('left'))
      const right = await relayOf(await fixture.process(), await spying('right'))
      await Promise.all([left.start(), right.start()])
      const ids: string[] = []
      for (let round = 0; round < 20; round += 1) ids.push(...(await publish(accountsOn(9, 5))))
      await eventually(async () => expect(await onPartition(9)).toHaveLength(100))
      expect(idsOf(await onPartition(9))).toEqual(ids)
      expect(new Set(senders).size).toBe(1)
      const [holder, waiter] = left.state === 'sending' ? [left, right] : [right, left]
      expect(waiter.state).toBe('waiting')
      await holder.stop()
      const after = await publish(accountsOn(9, 1))
      await eventually(async () => expect(idsOf(await onPartition(9))).toEqual([...ids, ...after]))
      expect(new Set(senders).size).toBe(2)
      const sequences = (await onPartition(9)).map(({ headers }) => Number(headers[HEADER.sequence]))
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b))
    })
  })
}
