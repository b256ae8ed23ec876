import { Transform } from 'class-transformer'
import { IsString, MaxLength, MinLength } from 'class-validator'

// Postgres keeps no NUL.
const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.replaceAll('\0', '').trim() : value))

export class MilestoneDto {
  /** What it rests on, for people; it is not published. */
  @Trimmed()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  note!: string

  /** Who says so. */
  @Trimmed()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  by!: string
}
