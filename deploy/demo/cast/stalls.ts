import { peopleOf } from './features.ts'
import type { Member, Moment } from './member.ts'
import { daysAgo, FIRST_DAY, opened } from './time.ts'

const slug = 'kaede'
const team = peopleOf(slug, 1)
const VISITS = [FIRST_DAY, 122, 115, 101, 88, 74, 60, 47, 33, 19, 9]

/** One person, two features: never activated. */
export const stalls = (moment: Moment): Member => ({
  slug,
  name: '楓ロジスティクス株式会社',
  title: 'stalls in onboarding',
  seats: 12,
  planLimit: 50,
  language: 'ja',
  people: team,
  story: 'one administrator looks in every other week, at two things; nobody else was invited; a question is open.',
  history: {
    uses: VISITS.flatMap((day) =>
      ['Signed In', 'Dashboard Viewed'].flatMap((event) =>
        team.map((person) => ({ person, event, at: daysAgo(day, moment) })),
      ),
    ),
    tickets: [opened({ id: '1', subject: 'Cannot invite colleagues', priority: 'high', opened: 8 }, moment)],
  },
  asks: ['stalled-onboarding'],
})
