import { PageQuery } from '@banso/platform'
import { IsIn, IsOptional, Matches } from 'class-validator'
import { type Standing, standings } from '../domain/state.ts'

export class AccountsQuery extends PageQuery {
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/)
  stage?: string

  @IsOptional()
  @IsIn(standings)
  state?: Standing
}
