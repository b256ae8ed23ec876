import { Described, PageQuery } from '@banso/platform'
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator'

/** Postgres takes no NUL in a text. */
const STORABLE = /^\P{Cc}*$/u

export class AccountsQuery extends PageQuery {
  @Described("The vendor's id of the account.", 'acme')
  @IsOptional()
  @IsString()
  @Matches(STORABLE, { message: '$property must not have control characters' })
  @MinLength(1)
  @MaxLength(512)
  externalId?: string

  @Described('The beginning of the name, in any case.', 'Ac')
  @IsOptional()
  @IsString()
  @Matches(STORABLE, { message: '$property must not have control characters' })
  @MinLength(1)
  @MaxLength(200)
  name?: string
}
