import type { Band } from '@banso/contracts'
import { PageQuery } from '@banso/platform'
import { Type } from 'class-transformer'
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator'
import { type Dedupe, PLAYBOOK_NAME } from '../domain/playbook.ts'
import { IsCoolDown } from './is-cool-down.ts'

export const BANDS = ['red', 'amber', 'green'] as const satisfies Band[]

export class PlaybookName {
  @Matches(PLAYBOOK_NAME, {
    message: 'name must be 1 to 63 small letters, digits and hyphens, and not begin with a hyphen',
  })
  name!: string
}

export class VersionQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number
}

export class PlaybooksQuery extends PageQuery {}

/** What both kinds of triggers have; stands alone where `on` names neither. */
export class TriggerDto {
  @IsIn(['band-changed', 'score-moved'])
  on!: 'band-changed' | 'score-moved'
}

export class BandChangedDto extends TriggerDto {
  override on!: 'band-changed'

  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(BANDS, { each: true })
  to?: Band[]

  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(BANDS, { each: true })
  from?: Band[]
}

export class ScoreMovedDto extends TriggerDto {
  override on!: 'score-moved'

  @IsOptional()
  @IsIn(['down', 'up'])
  direction?: 'down' | 'up'

  /** Points; health tells of moves from 10 on. */
  @IsNumber()
  @Min(10)
  @Max(100)
  by: number = 10
}

export class WebhookDto {
  @IsIn(['webhook'])
  kind!: 'webhook'

  @IsString()
  @MaxLength(2_048)
  url!: string
}

const kindOfTrigger = (trigger: unknown): typeof TriggerDto => {
  const on = typeof trigger === 'object' && trigger !== null && 'on' in trigger ? trigger.on : undefined
  if (on === 'band-changed') return BandChangedDto
  return on === 'score-moved' ? ScoreMovedDto : TriggerDto
}

export class PlaybookDto {
  @IsBoolean()
  enabled: boolean = true

  @IsObject()
  @ValidateNested()
  @Type((options) => kindOfTrigger(options?.object['trigger']))
  trigger!: TriggerDto

  @IsObject()
  @ValidateNested()
  @Type(() => WebhookDto)
  action!: WebhookDto

  @IsIn(['account', 'account-and-band'])
  dedupe: Dedupe = 'account'

  @IsOptional()
  @IsCoolDown()
  coolDown?: string
}
