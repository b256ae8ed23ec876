import { Described } from '@banso/platform'
import {
  IsIn,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator'
import { OVERRIDE_REASONS, type OverrideReason } from '../domain/override.ts'

// Texts that people read, on one line.
const LINE = /^[^\p{C}]*$/u

export class OverrideDto {
  @Described('In place of what is computed.', 80)
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(100)
  score!: number

  @Described('Why.')
  @IsIn(OVERRIDE_REASONS)
  reason!: OverrideReason

  @Described('Who answers for it.', 'mika')
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @Matches(LINE)
  owner!: string

  @Described('ISO 8601 with a zone; in the future, by a year at most.', '2026-01-31T09:30:00Z')
  @IsISO8601({ strict: true })
  @Matches(/T.*(Z|[+-]\d{2}:?\d{2})$/, { message: 'until must be a time with a zone: 2026-01-31T09:30:00Z' })
  until!: string

  @Described('For people; it is not published.', 'They renewed by phone.')
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  @Matches(/^[^\0]*$/)
  note?: string
}
