import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator'
import { Described } from '@banso/platform'
import { REPLAYS_PER_MINUTE } from '../runner/parking/dead-letters.ts'
import { type ResumeAt, resumePlaces } from './resume-group.ts'

export class ResumeBody {
  @Described('At its own positions, or at the start or end of the log.', 'progress')
  @IsIn(resumePlaces)
  at!: ResumeAt
}

export class RebuildBody {
  @Described('Though the log lacks some of what the state was made from: that is lost for good.', false)
  @IsOptional()
  @IsBoolean()
  loseHistory?: boolean
}

/** Either `ids`, or `all` with an optional `max` (oldest first). */
export class ReplayBody {
  @Described('Those of these ids.', ['41'])
  @ValidateIf((body: ReplayBody) => body.all === undefined)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(REPLAYS_PER_MINUTE)
  @Matches(/^\d{1,18}$/, { each: true })
  ids?: string[]

  @Described('All of them, oldest first.', true)
  @IsOptional()
  @IsIn([true])
  all?: true

  @Described('With `all`: how many at most.', 100)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(REPLAYS_PER_MINUTE)
  max?: number
}
