import { Described } from '@banso/platform'
import { IsIn, IsString, IsUUID } from 'class-validator'
import { type Language, LANGUAGES } from '../domain/explain/words.ts'

export class WhyParams {
  @Described('Name of the playbook.', 'first-call')
  @IsString()
  name!: string

  @Described('Account id.')
  @IsUUID('all')
  accountId!: string
}

export class WhyQuery {
  @Described('Language of the sentences.')
  @IsIn(LANGUAGES)
  lang: Language = 'en'
}
