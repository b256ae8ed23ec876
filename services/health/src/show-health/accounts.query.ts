import { Described, PageQuery } from '@banso/platform'
import { IsIn, IsISO8601, IsOptional, Matches } from 'class-validator'
import { type Language, languages } from '../domain/words.ts'
import type { AccountListQuery, AccountSort } from '../store/account-list.ts'
import { DAY } from './day-range.query.ts'

/** `?band=red&sort=score`; `none`: without a score. */
export class AccountsQuery extends PageQuery {
  @Described('`none`: without a score.', 'red')
  @IsOptional()
  @IsIn(['red', 'amber', 'green', 'none'])
  band?: Exclude<AccountListQuery['band'], null>

  @Described('`score`: the worst first; `-score`: the best first; `day`: those first that were scored longest ago.')
  @IsIn(['score', '-score', 'day'])
  sort: AccountSort = 'score'
}

/** `?lang=ja`; with `knownOn` or `day`, a score of the past. */
export class ScoreQuery {
  @Described('Language of the reasons.')
  @IsIn(languages)
  lang: Language = 'en'

  @Described('A score of the past: the day that is scored; without it, `knownOn`.', '2026-01-15')
  @IsOptional()
  @Matches(DAY)
  @IsISO8601({ strict: true })
  day?: string

  @Described('A score of the past: by what was known at the end of this day; without it, `day`.', '2026-01-15')
  @IsOptional()
  @Matches(DAY)
  @IsISO8601({ strict: true })
  knownOn?: string
}
