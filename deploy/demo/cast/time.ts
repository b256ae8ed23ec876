import type { Moment, TicketCall, Use } from './member.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** The oldest day of the demo: onboarding stalls after 120 days. */
export const FIRST_DAY = 124
/** The newest day of what is history: older than a day whatever the time is. */
export const LAST_DAY = 2

/** A time of working hours, so many days ago. */
export const daysAgo = (days: number, { now, random }: Moment): Date => {
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  return new Date(midnight - days * DAY_MS + (8 + 9 * random()) * HOUR_MS)
}

const isWeekday = (at: Date): boolean => at.getUTCDay() !== 0 && at.getUTCDay() !== 6

const pick = <T>(from: readonly T[], random: () => number): T[] =>
  from.slice(Math.floor(random() * from.length)).slice(0, 1)

export interface Habit {
  readonly people: readonly string[]
  readonly events: readonly string[]
  /** From so many days ago. */
  readonly from: number
  readonly until?: number
  /** Share of weekdays on which each is there. */
  readonly often: number
}

/** Each of these people on most weekdays, with one or two things a day. */
export const weekdays = ({ people, events, from, until = LAST_DAY, often }: Habit, moment: Moment): Use[] => {
  const uses: Use[] = []
  for (let day = from; day >= until; day -= 1) {
    if (!isWeekday(daysAgo(day, moment))) continue
    for (const person of people.filter(() => moment.random() < often))
      for (let times = moment.random() < 0.5 ? 1 : 2; times > 0; times -= 1)
        uses.push(...pick(events, moment.random).map((event) => ({ person, event, at: daysAgo(day, moment) })))
  }
  return uses
}

interface Told {
  readonly id: string
  readonly subject: string
  readonly priority: string
  readonly opened: number
}

/** A ticket as it was opened, so many days ago. */
export const opened = ({ id, subject, priority, opened: day }: Told, moment: Moment): TicketCall => {
  const createdAt = daysAgo(day, moment)
  return {
    trigger: 'created',
    ticketId: id,
    status: 'Open',
    priority,
    createdAt,
    updatedAt: createdAt,
    subject,
    comment: subject,
  }
}

/** What came of it later: an answer, the end of it, a rating. */
export const later = (
  ticket: TicketCall,
  trigger: NonNullable<TicketCall['trigger']>,
  updatedAt: Date,
  changes: Partial<Pick<TicketCall, 'status' | 'priority' | 'comment'>> = {},
): TicketCall => ({ ...ticket, trigger, updatedAt, ...changes })

/** A ticket that was answered and solved a day later, and rated good. */
export const solvedWell = (told: Told, moment: Moment): TicketCall[] => {
  const ticket = opened(told, moment)
  const [answered, solved] = [daysAgo(told.opened - 1, moment), daysAgo(told.opened - 2, moment)]
  return [
    ticket,
    later(ticket, 'agent-replied', answered, { comment: 'Here is how.' }),
    later(ticket, 'updated', solved, { status: 'Solved' }),
    later(ticket, 'rated-good', solved, { status: 'Solved', comment: 'Quick and kind' }),
  ]
}
