import { FEATURES, peopleOf } from './features.ts'
import type { Member, Moment } from './member.ts'
import { daysAgo, FIRST_DAY, opened, solvedWell, later, weekdays } from './time.ts'

const slug = 'aoba'
const team = peopleOf(slug, 8)

/** Broad use by nearly all seats, steadily; then praise. */
export const thrives = (moment: Moment): Member => {
  const asked = opened({ id: '2', subject: 'How do I import last year?', priority: 'normal', opened: 5 }, moment)
  const answered = later(asked, 'agent-replied', daysAgo(4, moment), { comment: 'By the import page.' })
  const solved = later(asked, 'updated', daysAgo(3, moment), { status: 'Solved' })
  return {
    slug,
    name: '青葉商事株式会社',
    title: 'thrives',
    seats: 10,
    planLimit: 50,
    language: 'ja',
    people: team,
    story:
      '8 people for 10 seats, nearly every working day, with all that the product can do; a question, soon solved.',
    history: {
      uses: weekdays({ people: team, events: FEATURES, from: FIRST_DAY, often: 0.85 }, moment),
      tickets: [
        ...solvedWell({ id: '1', subject: 'Reports by department', priority: 'normal', opened: 60 }, moment),
        asked,
        answered,
        solved,
      ],
    },
    today: {
      story: 'they rate their last ticket as good',
      uses: [],
      tickets: [later(solved, 'rated-good', moment.now, { comment: 'Perfect, thank you!' })],
      effects: [
        { playbook: 'demo-ask-for-a-reference', step: 'ask', kind: 'task' },
        { playbook: 'demo-ask-for-a-reference', step: 'thank', kind: 'mail' },
      ],
    },
  }
}
