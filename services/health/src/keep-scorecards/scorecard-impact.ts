import type { EntityManager } from 'typeorm'
import { nextBand } from '../domain/band.ts'
import type { Day } from '@banso/platform'
import { score } from '../domain/score.ts'
import { keyFeaturesOf, type Scorecard } from '../domain/scorecard.ts'
import { refreshed } from '../score-accounts/refresh-activities.ts'
import type { ScoreDayParts } from '../score-accounts/score-day.ts'
import { factsOf } from '../score-accounts/standings.ts'
import type { Account } from '../store/account.ts'
import { countAccounts, readAccounts, readAccountsAfter } from '../store/accounts.ts'
import type { ScoringBasis, Yardsticks } from '../store/scoring-bases.ts'

const MOST_ACCOUNTS = 2_000
const BATCH = 500
// Below this, a difference is arithmetic.
const LEAST_MOVE = 0.005

interface Impact {
  readonly looked: number
  readonly scores: number
  readonly bands: number
  /** Points, with their sign. */
  readonly largest: number
}

/** What a scorecard would do to today's scores, in place of the one in use: a line or two for people. */
export const impactOf = async (
  tx: EntityManager,
  { name, document }: Pick<Scorecard, 'name' | 'document'>,
  day: Day,
  { bases, calendar }: ScoreDayParts,
): Promise<readonly string[]> => {
  const basis = await bases.read(tx, day)
  const yardsticks = await bases.yardsticks(tx, basis, [day])
  const next: Scorecard = { name, version: basis.scorecard.version + 1, document }
  const impact = { looked: 0, scores: 0, bands: 0, largest: 0 }
  for (let last: string | null = null; impact.looked < MOST_ACCOUNTS;) {
    const accountIds = await readAccountsAfter(tx, last, BATCH)
    last = accountIds.at(-1) ?? null
    if (last === null) break
    const accounts = await readAccounts(tx, accountIds, { calendar, day })
    const now = await refreshed(tx, accounts, day, keyFeaturesOf(basis.scorecard))
    const then = await refreshed(tx, accounts, day, keyFeaturesOf(next))
    const pairs = now.map((account, index): Pair => [account, then[index] ?? account])
    add(impact, pairs, { basis, yardsticks, next, day })
  }
  return linesOf(impact, await countAccounts(tx))
}

type Pair = readonly [now: Account, then: Account]

interface Cards {
  readonly basis: ScoringBasis
  readonly yardsticks: Yardsticks
  readonly next: Scorecard
  readonly day: Day
}

const add = (
  impact: { -readonly [K in keyof Impact]: Impact[K] },
  pairs: readonly Pair[],
  { basis, yardsticks, next, day }: Cards,
): void => {
  const yardstick = yardsticks(day)
  for (const [now, then] of pairs) {
    impact.looked += 1
    const before = score(factsOf(now, basis.connected, day), yardstick, day).score
    const after = score(factsOf(then, basis.connected, day), { ...yardstick, scorecard: next }, day).score
    const movedBy = before === null || after === null ? 0 : after - before
    if ((before === null) === (after === null) && Math.abs(movedBy) < LEAST_MOVE) continue
    impact.scores += 1
    if (Math.abs(movedBy) > Math.abs(impact.largest)) impact.largest = movedBy
    // What a person has set stays, and its band with it.
    if (now.standing && !now.override) {
      const { bands } = now.standing
      if (nextBand(bands, before, day).band !== nextBand(bands, after, day).band) impact.bands += 1
    }
  }
}

const linesOf = ({ looked, scores, bands, largest }: Impact, all: number): string[] => {
  const among = looked < all ? `${looked} accounts looked at (of ${all})` : counted(looked, 'account')
  if (scores === 0) return [`no score of ${among} would change`]
  const sign = largest > 0 ? '+' : ''
  return [
    `${counted(scores, 'score')} of ${among} would change, the largest by ${sign}${Math.round(largest * 10) / 10} points`,
    `${bands} of them would change their band at once`,
  ]
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
