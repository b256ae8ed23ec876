import { Described, PageQuery } from '@banso/platform'
import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator'

const MAX_IDS = 1_000

export class QuarantineQuery extends PageQuery {
  @Described('Name of a source.', 'app')
  @IsOptional()
  @IsString()
  @MaxLength(63)
  source?: string

  @Described('Why nothing could be made of them.', 'PERSON_UNKNOWN')
  @IsOptional()
  @IsString()
  @MaxLength(63)
  reason?: string
}

/** `ids`, or `all` (of a `reason`, up to `max`). */
export class RedriveDto {
  @Described('Those of these ids.')
  @IsOptional()
  @IsUUID('all', { each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_IDS)
  ids?: string[]

  @Described('All of them.', true)
  @IsOptional()
  @Equals(true)
  all?: true

  @Described('With `all`: of this reason.', 'PERSON_UNKNOWN')
  @IsOptional()
  @IsString()
  @MaxLength(63)
  reason?: string

  @Described('With `all`: how many at most.', 100)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  max?: number
}
