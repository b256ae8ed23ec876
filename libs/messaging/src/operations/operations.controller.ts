import { decodeCursor, Documented, type Page, pageOf, PageQuery, ProblemError } from '@banso/platform'
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common'
import Type from 'typebox'
import type { DeadLetter, Picked, Replayed } from '../runner/parking/dead-letters.ts'
import type { Checkup } from './checkup.ts'
import { CheckupSchema } from './checkup.schema.ts'
import { Operations, type Resumed, type Status } from './operations.ts'
import { RebuildBody, ReplayBody, ResumeBody } from './operations.dto.ts'
import {
  DeadLettersSchema,
  RebuildingSchema,
  ReplayedSchema,
  ResumedSchema,
  StatusSchema,
} from './operations.schema.ts'

const Id = Type.String({ pattern: '^\\d{1,18}$' })

/** What operators and the `banso` command ask of a service. */
@Controller('v1/operations')
export class OperationsController {
  constructor(private readonly operations: Operations) {}

  @Get('status')
  @Documented({ summary: 'Show the status', answer: StatusSchema })
  status(): Promise<Status> {
    return this.operations.status()
  }

  @Get('checkup')
  @Documented({ summary: 'Check the stores', answer: CheckupSchema })
  checkup(): Promise<Checkup> {
    return this.operations.checkup()
  }

  @Post('resume')
  @HttpCode(200)
  @Documented({
    summary: 'Resume',
    description: 'Lets everything go on that has stopped because a person must decide.',
    answer: ResumedSchema,
    problems: { 409: ['NOT_STOPPED', 'RESUME_OUT_OF_RANGE'] },
  })
  resume(@Body() { at }: ResumeBody): Promise<Resumed> {
    return this.operations.resume(at)
  }

  @Post('rebuild')
  @HttpCode(202)
  @Documented({
    summary: 'Rebuild',
    description: 'Makes what is derived from events anew, from the log.',
    bodyOptional: true,
    answer: RebuildingSchema,
    problems: {
      409: [
        'REBUILD_NOT_OFFERED',
        'REBUILD_NOT_RUNNING',
        'REBUILD_KEYS_PARKED',
        'REBUILD_LOG_INCOMPLETE',
        'REBUILD_LOSES_HISTORY',
      ],
    },
  })
  async rebuild(@Body() { loseHistory = false }: RebuildBody): Promise<{ state: 'rebuilding' }> {
    await this.operations.rebuild(loseHistory)
    return { state: 'rebuilding' }
  }

  @Get('dead')
  @Documented({ summary: 'List dead letters', description: 'Oldest first.', answer: DeadLettersSchema })
  async dead(@Query() { cursor, limit }: PageQuery): Promise<Page<DeadLetter>> {
    const rows = await this.operations.dead(decodeCursor(Id, cursor), limit + 1)
    return pageOf(rows, limit, (row) => row.id)
  }

  @Post('dead/replay')
  @HttpCode(200)
  @Documented({
    summary: 'Replay dead letters',
    description: 'Some by `ids`, or with `all` the oldest, up to `max`; at most 1,000 in a minute.',
    answer: ReplayedSchema,
    example: { all: true, max: 100 },
    problems: { 400: ['PICK_AMBIGUOUS'], 409: ['REPLAY_WHILE_REBUILDING'], 429: ['REPLAY_TOO_MANY'] },
  })
  replay(@Body() body: ReplayBody): Promise<Replayed> {
    return this.operations.replay(pickedOf(body))
  }
}

const pickedOf = ({ ids, all, max }: ReplayBody): Picked => {
  if (all && ids) throw new ProblemError({ code: 'PICK_AMBIGUOUS', status: 400, detail: 'give ids or all, not both' })
  return ids ? { ids } : { all: true, max }
}
