import { Described, PageQuery } from '@banso/platform'
import { Type } from 'class-transformer'
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator'
import { PLAYBOOK_NAME } from '../domain/playbook.ts'

export class PlaybookName {
  @Described('Name of the playbook.', 'first-call')
  @Matches(PLAYBOOK_NAME, {
    message: 'name must be 1 to 63 small letters, digits and hyphens, and not begin with a hyphen',
  })
  name!: string
}

export class VersionQuery {
  @Described('Without it, the newest.', 2)
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number
}

export class PlaybooksQuery extends PageQuery {}
