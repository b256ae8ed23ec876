import { IsIn, IsString, IsUUID } from 'class-validator'
import { type Language, LANGUAGES } from '../domain/explain/words.ts'

export class WhyParams {
  @IsString()
  name!: string

  @IsUUID('all')
  accountId!: string
}

export class WhyQuery {
  @IsIn(LANGUAGES)
  lang: Language = 'en'
}
