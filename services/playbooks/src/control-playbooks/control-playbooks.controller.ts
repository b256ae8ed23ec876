import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common'
import type { ControlShown } from '../store/controls.ts'
import { ControlPlaybooks, type ControlsAnswer } from './control-playbooks.ts'
import { CommandParams, ControlDto } from './control-playbooks.dto.ts'

@Controller('v1/playbooks')
export class ControlPlaybooksController {
  constructor(private readonly playbooks: ControlPlaybooks) {}

  @Get('controls')
  shown(): Promise<ControlsAnswer> {
    return this.playbooks.shown()
  }

  @Post('pause')
  @HttpCode(HttpStatus.OK)
  pauseAll(@Body() said: ControlDto): Promise<ControlShown> {
    return this.playbooks.all('pause', said)
  }

  @Post('resume')
  @HttpCode(HttpStatus.OK)
  resumeAll(@Body() said: ControlDto): Promise<ControlShown> {
    return this.playbooks.all('resume', said)
  }

  @Post(':name/:command')
  @HttpCode(HttpStatus.OK)
  control(@Param() { name, command }: CommandParams, @Body() said: ControlDto): Promise<ControlShown> {
    return this.playbooks.one(name, command, said)
  }
}
