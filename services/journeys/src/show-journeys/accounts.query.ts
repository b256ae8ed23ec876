import { Described, PageQuery } from '@banso/platform'
import { IsIn, IsOptional, Matches } from 'class-validator'
import { type Standing, standings } from '../domain/state.ts'

export class AccountsQuery extends PageQuery {
  @Described('Those in this stage.', 'onboarding')
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/)
  stage?: string

  @Described('Those of which this is the gravest to be said.', 'stuck')
  @IsOptional()
  @IsIn(standings)
  state?: Standing
}
