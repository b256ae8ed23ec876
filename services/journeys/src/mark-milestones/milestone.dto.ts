import { Described } from '@banso/platform'
import { Transform } from 'class-transformer'
import { IsString, MaxLength, MinLength } from 'class-validator'

// Postgres keeps no NUL.
const Trimmed = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.replaceAll('\0', '').trim() : value))

export class MilestoneDto {
  @Described('What it rests on, for people; it is not published.', 'Kick-off was held.')
  @Trimmed()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  note!: string

  @Described('Who says so.', 'mika')
  @Trimmed()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  by!: string
}
