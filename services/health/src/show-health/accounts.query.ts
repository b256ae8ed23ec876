import { PageQuery } from '@banso/platform'
import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator'
import { type Language, languages } from '../domain/words.ts'
import type { AccountListQuery, AccountSort } from '../store/account-list.ts'
import { DAY } from './day-range.query.ts'

/** `?band=red&sort=score`; `none`: without a score. */
export class AccountsQuery extends PageQuery {
  @IsOptional()
  @IsIn(['red', 'amber', 'green', 'none'])
  band?: Exclude<AccountListQuery['band'], null>

  /** The worst first, unless told otherwise. */
  @IsIn(['score', '-score', 'day'])
  sort: AccountSort = 'score'
}

/** `?lang=ja`; with `knownOn` or `day`, a score of the past. */
export class ScoreQuery {
  @IsIn(languages)
  lang: Language = 'en'

  /** The day that is scored; without it, `knownOn`. */
  @IsOptional()
  @Matches(DAY)
  @IsISO8601({ strict: true })
  day?: string

  /** By what was known at the end of this day; without it, `day`. */
  @IsOptional()
  @Matches(DAY)
  @IsISO8601({ strict: true })
  knownOn?: string
}
