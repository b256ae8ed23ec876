import { PageQuery } from '@banso/platform'
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
  @IsOptional()
  @IsString()
  @MaxLength(63)
  source?: string

  @IsOptional()
  @IsString()
  @MaxLength(63)
  reason?: string
}

/** `ids`, or `all` (of a `reason`, up to `max`). */
export class RedriveDto {
  @IsOptional()
  @IsUUID('all', { each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_IDS)
  ids?: string[]

  @IsOptional()
  @Equals(true)
  all?: true

  @IsOptional()
  @IsString()
  @MaxLength(63)
  reason?: string

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  max?: number
}
