import { Described } from '@banso/platform'
import { IsIn, IsOptional, IsString, Length } from 'class-validator'
import { CONTROL_COMMANDS, type ControlCommand } from '../domain/control.ts'

export class CommandParams {
  @Described('Name of the playbook.', 'first-call')
  @IsString()
  name!: string

  @Described('What it shall do.')
  @IsIn(CONTROL_COMMANDS)
  command!: ControlCommand
}

/** Who gives a command, and why. */
export class ControlDto {
  @Described('Who says so.', 'mika')
  @IsOptional()
  @IsString()
  @Length(1, 200)
  by?: string

  @Described('Why.', 'a campaign is under way')
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  reason?: string
}
