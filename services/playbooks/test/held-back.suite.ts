import { eventually } from '@banso/testing'
import { describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Receiver } from './receiver.ts'
import type { Service } from './service.ts'
import { turnedRed } from './turned-red.ts'

const arrived = (receiver: Receiver, count: number) =>
  eventually(() => expect(receiver.received).toHaveLength(count), { timeoutMs: 10_000 })
const hours = (count: number) => new Date(Date.now() - count * 3_600_000)

/** Runs that a playbook would start and does not. */
export const describeHeldBack = (running: () => { readonly service: Service; readonly receiver: Receiver }): void => {
  describe('held back, and why', () => {
    it('in the cool-down, by event time', async () => {
      const { service, receiver } = running()
      await service.put(receiver.url(), { coolDown: 'PT12H' })
      const account = randomUUID()
      const first = turnedRed(account, { at: hours(20) })
      await service.publish(first)
      const run = await service.runIn('done', account)
      await service.publish(turnedRed(account, { at: hours(8.5) }))
      const held = await service.runIn('held-back', account)
      expect(held).toMatchObject({ reason: 'cool-down', actions: [], why: { values: { heldBackBy: run.id } } })
      await service.publish(turnedRed(account, { at: hours(7.5) }))
      await arrived(receiver, 2)
      expect(await service.runsOf(account)).toHaveLength(3)
    })

    it('while a run of the same account is under way', async () => {
      const { service, receiver } = running()
      receiver.answer = () => undefined
      await service.put(receiver.url())
      const account = randomUUID()
      await service.publish(turnedRed(account))
      await arrived(receiver, 1)
      await service.publish(turnedRed(account))
      const held = await service.runIn('held-back', account)
      expect(held).toMatchObject({ reason: 'duplicate' })
      expect(receiver.received).toHaveLength(1)
      receiver.answer = (response) => void response.writeHead(204).end()
    })

    it('as history: caused only by events that were over 24 hours old when they came', async () => {
      const { service, receiver } = running()
      await service.put(receiver.url())
      const old = turnedRed(randomUUID(), { at: hours(25), receivedAt: new Date() })
      const fresh = turnedRed(randomUUID(), { at: hours(23), receivedAt: new Date() })
      await service.publish(old, fresh)
      await service.runIn('done', fresh.key)
      expect(await service.runIn('held-back', old.key)).toMatchObject({ reason: 'history' })
      expect(receiver.received).toHaveLength(1)
    })
  })
}
