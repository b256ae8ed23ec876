import { FEATURES, peopleOf } from './features.ts'
import type { Events, Member, Moment, TicketCall, Today } from './member.ts'
import { daysAgo, FIRST_DAY, opened, later, weekdays } from './time.ts'

const slug = 'minato'
const team = peopleOf(slug, 5)

const slowExport = (moment: Moment): TicketCall =>
  opened({ id: '3', subject: 'The export takes an hour', priority: 'normal', opened: 12 }, moment)

const history = (moment: Moment, slow: TicketCall): Events => {
  const wrong = opened({ id: '1', subject: 'Figures are wrong', priority: 'normal', opened: 40 }, moment)
  const solved = later(wrong, 'updated', daysAgo(30, moment), { status: 'Solved' })
  return {
    uses: weekdays({ people: team, events: FEATURES.slice(0, 4), from: FIRST_DAY, often: 0.6 }, moment),
    tickets: [
      wrong,
      solved,
      later(solved, 'rated-bad', daysAgo(29, moment), { comment: 'Ten days for an answer' }),
      opened({ id: '2', subject: 'The import stops half-way', priority: 'high', opened: 10 }, moment),
      slow,
      opened({ id: '4', subject: 'Numbers differ between pages', priority: 'high', opened: 5 }, moment),
    ],
  }
}

const today = (moment: Moment, slow: TicketCall): Today => {
  const { now } = moment
  const outage = opened({ id: '5', subject: 'Nobody can sign in', priority: 'urgent', opened: 0 }, moment)
  const late = ['6', '7'].map((id) => opened({ id, subject: 'Late answer', priority: 'low', opened: 3 }, moment))
  return {
    story: 'nobody can sign in (urgent), the slow export becomes urgent too, and two solved tickets are rated bad',
    uses: [],
    tickets: [
      ...late.map((ticket) => later(ticket, 'rated-bad', now, { status: 'Solved', comment: 'Too late' })),
      later(slow, 'updated', now, { priority: 'urgent' }),
      { ...outage, createdAt: now, updatedAt: now },
    ],
    effects: [
      { playbook: 'demo-turned-red', step: 'tell', kind: 'webhook' },
      { playbook: 'score-turned-red', step: 'look-into-it', kind: 'task' },
      { playbook: 'demo-turned-red', step: 'about-tickets', kind: 'mail' },
    ],
  }
}

/** Steady use, and more and more tickets. */
export const drowns = (moment: Moment): Member => {
  const slow = slowExport(moment)
  return {
    slug,
    name: 'みなと印刷株式会社',
    title: 'drowns in tickets',
    seats: 16,
    planLimit: 50,
    language: 'ja',
    people: team,
    story:
      'five people for 16 seats use it nearly every day, and ask for help more and more: two tickets that matter are open, one was solved late.',
    history: history(moment, slow),
    today: today(moment, slow),
  }
}
