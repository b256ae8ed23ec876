import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator'
import { REPLAYS_PER_MINUTE } from '../runner/parking/dead-letters.ts'
import { type ResumeAt, resumePlaces } from './resume-group.ts'

export class ResumeBody {
  @IsIn(resumePlaces)
  at!: ResumeAt
}

/** Either `ids`, or `all` with an optional `max` (oldest first). */
export class ReplayBody {
  @ValidateIf((body: ReplayBody) => body.all === undefined)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(REPLAYS_PER_MINUTE)
  @Matches(/^\d{1,18}$/, { each: true })
  ids?: string[]

  @IsOptional()
  @IsIn([true])
  all?: true

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(REPLAYS_PER_MINUTE)
  max?: number
}
