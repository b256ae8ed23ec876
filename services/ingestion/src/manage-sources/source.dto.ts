import { Described } from '@banso/platform'
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator'

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/
const NAME_MESSAGE = '$property must be 1 to 63 of a-z, 0-9 and -, not beginning with -'

export class CreateSourceDto {
  @Described('1 to 63 of a-z, 0-9 and -.', 'app')
  @Matches(NAME, { message: NAME_MESSAGE })
  name!: string

  @Described('Who sends: a product by the Segment SDKs, or a desk.')
  @IsIn(['segment', 'zendesk'])
  kind: 'segment' | 'zendesk' = 'segment'

  @Described('Sources of one namespace name accounts and people by the same ids.')
  @Matches(NAME, { message: NAME_MESSAGE })
  namespace = 'default'

  @Described("`zendesk`: the webhook's signing secret; may be set later.")
  @IsOptional()
  @IsString()
  @Length(8, 512)
  signingSecret?: string
}

export class SigningSecretDto {
  @Described("The webhook's, as the desk shows it.", 'dGhpcyBpcyBhIHNlY3JldA==')
  @IsString()
  @Length(8, 512)
  signingSecret!: string
}

export class CreateKeyDto {
  @Described('`browser`: public, and may say less.')
  @IsIn(['server', 'browser'])
  kind: 'server' | 'browser' = 'server'
}
