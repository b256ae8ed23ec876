import { decodeCursor, type Page, pageOf, PageQuery, ProblemError } from '@banso/platform'
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common'
import Type from 'typebox'
import type { DeadLetter, Picked, Replayed } from '../runner/parking/dead-letters.ts'
import type { Checkup } from './checkup.ts'
import { Operations, type Resumed, type Status } from './operations.ts'
import { ReplayBody, ResumeBody } from './operations.dto.ts'

const Id = Type.String({ pattern: '^\\d{1,18}$' })

/** What operators and the `banso` command ask of a service. */
@Controller('v1/operations')
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  @Get('status')
  status(): Promise<Status> {
    return this.operations.status()
  }

  @Get('checkup')
  checkup(): Promise<Checkup> {
    return this.operations.checkup()
  }

  @Post('resume')
  @HttpCode(200)
  resume(@Body() { at }: ResumeBody): Promise<Resumed> {
    return this.operations.resume(at)
  }

  @Post('rebuild')
  @HttpCode(202)
  async rebuild(): Promise<{ state: 'rebuilding' }> {
    await this.operations.rebuild()
    return { state: 'rebuilding' }
  }

  @Get('dead')
  async dead(@Query() { cursor, limit }: PageQuery): Promise<Page<DeadLetter>> {
    const rows = await this.operations.dead(decodeCursor(Id, cursor), limit + 1)
    return pageOf(rows, limit, (row) => row.id)
  }

  @Post('dead/replay')
  @HttpCode(200)
  replay(@Body() body: ReplayBody): Promise<Replayed> {
    return this.operations.replay(pickedOf(body))
  }
}

const pickedOf = ({ ids, all, max }: ReplayBody): Picked => {
  if (all && ids) throw new ProblemError({ code: 'PICK_AMBIGUOUS', status: 400, detail: 'give ids or all, not both' })
  return ids ? { ids } : { all: true, max }
}
