import { Documented } from '@banso/platform'
import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common'
import type { ControlShown } from '../store/controls.ts'
import { ControlPlaybooks, type ControlsAnswer } from './control-playbooks.ts'
import { CommandParams, ControlDto } from './control-playbooks.dto.ts'
import { ControlSchema, ControlsSchema } from './control.schema.ts'

@Controller('v1/playbooks')
export class ControlPlaybooksController {
  constructor(private readonly playbooks: ControlPlaybooks) {}

  @Get('controls')
  @Documented({ summary: 'Show controls', answer: ControlsSchema })
  shown(): Promise<ControlsAnswer> {
    return this.playbooks.shown()
  }

  @Post('pause')
  @HttpCode(HttpStatus.OK)
  @Documented({ summary: 'Pause all playbooks', answer: ControlSchema })
  pauseAll(@Body() said: ControlDto): Promise<ControlShown> {
    return this.playbooks.all('pause', said)
  }

  @Post('resume')
  @HttpCode(HttpStatus.OK)
  @Documented({ summary: 'Resume all playbooks', answer: ControlSchema })
  resumeAll(@Body() said: ControlDto): Promise<ControlShown> {
    return this.playbooks.all('resume', said)
  }

  @Post(':name/:command')
  @HttpCode(HttpStatus.OK)
  @Documented({
    summary: 'Control a playbook',
    answer: ControlSchema,
    problems: { 404: ['PLAYBOOK_NOT_FOUND'] },
  })
  control(@Param() { name, command }: CommandParams, @Body() said: ControlDto): Promise<ControlShown> {
    return this.playbooks.one(name, command, said)
  }
}
