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
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(100)
  score!: number

  @IsIn(OVERRIDE_REASONS)
  reason!: OverrideReason

  /** Who answers for it. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  @Matches(LINE)
  owner!: string

  /** ISO 8601 with a zone, in the future. */
  @IsISO8601({ strict: true })
  @Matches(/T.*(Z|[+-]\d{2}:?\d{2})$/, { message: 'until must be a time with a zone: 2026-01-31T09:30:00Z' })
  until!: string

  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  @Matches(/^[^\0]*$/)
  note?: string
}
