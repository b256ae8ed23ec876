import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator'

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/
const NAME_MESSAGE = '$property must be 1 to 63 of a-z, 0-9 and -, not beginning with -'

export class CreateSourceDto {
  @Matches(NAME, { message: NAME_MESSAGE })
  name!: string

  @IsIn(['segment', 'zendesk'])
  kind: 'segment' | 'zendesk' = 'segment'

  /** Sources of one namespace name accounts and people by the same ids. */
  @Matches(NAME, { message: NAME_MESSAGE })
  namespace = 'default'

  /** `zendesk`: the webhook's signing secret; may be set later. */
  @IsOptional()
  @IsString()
  @Length(8, 512)
  signingSecret?: string
}

export class SigningSecretDto {
  @IsString()
  @Length(8, 512)
  signingSecret!: string
}

export class CreateKeyDto {
  /** `browser`: public, and may say less. */
  @IsIn(['server', 'browser'])
  kind: 'server' | 'browser' = 'server'
}
