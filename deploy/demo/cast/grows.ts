import { FEATURES, peopleOf } from './features.ts'
import type { Member, Moment } from './member.ts'
import { FIRST_DAY, solvedWell, weekdays } from './time.ts'

const slug = 'hayate'
const team = peopleOf(slug, 17)
const [first, joined, today] = [team.slice(0, 4), team.slice(4, 15), team.slice(15)]

/** More people every week, more features; today the plan is nearly full. */
export const grows = (moment: Moment): Member => ({
  slug,
  name: 'Hayate Mobility Inc.',
  title: 'grows to expansion-ready',
  seats: 20,
  planLimit: 20,
  language: 'en',
  people: team,
  story: 'four people began, every week another one came: 15 for 20 seats by now, with four features.',
  history: {
    uses: [...first.map(() => FIRST_DAY), ...joined.map((_, n) => 90 - 7 * n)].flatMap((from, n) =>
      weekdays({ people: team.slice(n, n + 1), events: FEATURES.slice(0, 4), from, often: 0.85 }, moment),
    ),
    tickets: solvedWell({ id: '1', subject: 'Single sign-on', priority: 'normal', opened: 35 }, moment),
  },
  today: {
    story: 'two more people begin, and make the first forecast: the fifth feature, and the whole team is there',
    uses: today.flatMap((person) =>
      ['Dashboard Viewed', 'Forecast Made'].map((event) => ({ person, event, at: moment.now })),
    ),
    tickets: [],
    outlook:
      'the journey goes on to its stage expansion after three such weeks, as they are scored; loaded history has none',
    effects: [
      { playbook: 'demo-look-ahead', step: 'tell-sales', kind: 'webhook' },
      { playbook: 'demo-look-ahead', step: 'prepare', kind: 'task' },
      { playbook: 'demo-look-ahead', step: 'offer', kind: 'mail' },
    ],
  },
})
