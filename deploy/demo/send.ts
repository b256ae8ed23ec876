// The events of the accounts, sent as a vendor's product and desk would send them.
import { Analytics } from '@segment/analytics-node'
import type { Events, Member } from './cast/member.ts'
import type { Wired } from './wiring.ts'

/** An account of this run. */
export interface Guest {
  readonly member: Member
  /** As the product knows it: no other run has it. */
  readonly externalId: string
}

const CLOSE_WITHIN_MS = 50_000

const withProduct = async ({ writeKey, capture }: Wired, work: (analytics: Analytics) => void): Promise<void> => {
  const analytics = new Analytics({ writeKey, host: capture, flushAt: 200, flushInterval: 500 })
  const faults: unknown[] = []
  analytics.on('error', (fault) => faults.push(fault))
  work(analytics)
  await analytics.closeAndFlush({ timeout: CLOSE_WITHIN_MS })
  if (faults.length > 0) throw new Error(`the Segment SDK failed: ${JSON.stringify(faults[0])}`)
}

const personOf = ({ externalId, member }: Guest, person: string): string => person.replace(member.slug, externalId)

const introduce = (analytics: Analytics, guest: Guest, at: Date): void => {
  const { externalId, member } = guest
  const { name, seats, planLimit, language, people } = member
  const owner = `owner@${member.slug}.example`
  const traits = { name, seats, planLimit, language, owner, demo: true }
  for (const [index, person] of people.entries()) {
    const userId = personOf(guest, person)
    const role = index === 0 ? 'admin' : 'member'
    analytics.group({ userId, groupId: externalId, timestamp: at, ...(index === 0 && { traits }) })
    analytics.identify({
      userId,
      traits: { email: `${userId}@${member.slug}.example`, role },
      timestamp: at,
      context: { groupId: externalId },
    })
  }
}

const track = (analytics: Analytics, guest: Guest, { uses }: Events): void => {
  for (const { person, event, at } of uses)
    analytics.track({
      userId: personOf(guest, person),
      event,
      timestamp: at,
      context: { groupId: guest.externalId },
    })
}

const sendTickets = async ({ desk }: Wired, { externalId }: Guest, { tickets }: Events): Promise<void> => {
  for (const ticket of tickets)
    await desk.send({
      ...ticket,
      ticketId: `${externalId}-${ticket.ticketId}`,
      organizationExternalId: externalId,
    })
}

/** Who they are, then their months; resolves when all is accepted, with the number of events. */
export const sendHistory = async (wired: Wired, guests: readonly Guest[]): Promise<number> => {
  const firstOf = ({ member }: Guest): Date =>
    member.history.uses.reduce((first, { at }) => (at < first ? at : first), new Date())
  await withProduct(wired, (analytics) => guests.forEach((guest) => introduce(analytics, guest, firstOf(guest))))
  await Promise.all(guests.map((guest) => sendTickets(wired, guest, guest.member.history)))
  await withProduct(wired, (analytics) => guests.forEach((guest) => track(analytics, guest, guest.member.history)))
  return guests.reduce((sum, { member }) => sum + member.history.uses.length + member.history.tickets.length, 0)
}

export const sendToday = async (wired: Wired, guest: Guest): Promise<void> => {
  const { today } = guest.member
  if (!today) return
  if (today.uses.length > 0) await withProduct(wired, (analytics) => track(analytics, guest, today))
  await sendTickets(wired, guest, today)
}
