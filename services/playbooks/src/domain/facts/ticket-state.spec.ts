import type { TicketStatus } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { latestOfEach, type TicketState } from './ticket-state.ts'

const STATUSES: readonly TicketStatus[] = ['new', 'open', 'pending', 'hold', 'solved', 'closed']

const of = (time: number, receipt: number, eventId: string): TicketState => ({
  accountId: 'a',
  source: 'desk',
  ticketId: 't',
  status: 'open',
  priority: null,
  openedAt: new Date(0),
  changedAt: new Date(time),
  receivedAt: new Date(receipt),
  eventId,
})

const state = fc
  .record({ ticket: fc.nat(3), time: fc.nat(4), receipt: fc.nat(2), event: fc.nat(50) })
  .map(({ ticket, time, receipt, event }): TicketState => ({
    ...of(time, receipt, `e${event}`),
    ticketId: `t${ticket}`,
    status: STATUSES[event % STATUSES.length] ?? 'new',
  }))

const byTicket = (states: readonly TicketState[]) =>
  latestOfEach(states).toSorted((a, b) => (a.ticketId < b.ticketId ? -1 : 1))

describe('the latest of each ticket', () => {
  it('is the same in whatever order and however often its events come', () => {
    const once = fc.uniqueArray(state, { selector: ({ ticketId, eventId }) => `${ticketId} ${eventId}`, maxLength: 30 })
    const told = once.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.subarray(all)),
    )
    fc.assert(
      fc.property(told, ([inOrder, shuffled, repeated]) => {
        expect(byTicket([...repeated, ...shuffled])).toEqual(byTicket(inOrder))
        expect(byTicket([...byTicket(shuffled), ...repeated])).toEqual(byTicket(inOrder))
      }),
    )
  })

  it('goes by time before receipt, by receipt before id', () => {
    expect(latestOfEach([of(2, 1, 'a'), of(1, 9, 'z')]).map(({ eventId }) => eventId)).toEqual(['a'])
    expect(latestOfEach([of(2, 1, 'z'), of(2, 2, 'a')]).map(({ eventId }) => eventId)).toEqual(['a'])
    expect(latestOfEach([of(2, 2, 'a'), of(2, 2, 'b')]).map(({ eventId }) => eventId)).toEqual(['b'])
  })
})
