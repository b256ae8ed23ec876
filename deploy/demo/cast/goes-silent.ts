import { FEATURES, peopleOf } from './features.ts'
import type { Member, Moment } from './member.ts'
import { FIRST_DAY, weekdays } from './time.ts'

const slug = 'tsubame'
const team = peopleOf(slug, 6)
const LAST_USE = 40

/** Good use that ends, without a complaint. */
export const goesSilent = (moment: Moment): Member => ({
  slug,
  name: 'つばめ不動産株式会社',
  title: 'goes silent',
  seats: 10,
  planLimit: 50,
  language: 'ja',
  people: team,
  story: `six people used it well for months; ${LAST_USE} days ago they stopped, without a word and without a ticket.`,
  history: {
    uses: weekdays({ people: team, events: FEATURES, from: FIRST_DAY, until: LAST_USE, often: 0.8 }, moment),
    tickets: [],
  },
  asks: ['demo-gone-quiet', 'drop-in-use'],
})
