import { IsIn, IsOptional, IsString, Length } from 'class-validator'
import { CONTROL_COMMANDS, type ControlCommand } from '../domain/control.ts'

export class CommandParams {
  @IsString()
  name!: string

  @IsIn(CONTROL_COMMANDS)
  command!: ControlCommand
}

/** Who gives a command, and why. */
export class ControlDto {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  by?: string

  @IsOptional()
  @IsString()
  @Length(1, 1000)
  reason?: string
}
