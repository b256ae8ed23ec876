import {
  decodeCursor,
  Described,
  Documented,
  InstantKey,
  type Page,
  pageOf,
  PageQuery,
  pageSchema,
  ProblemError,
} from '@banso/platform'
import { Controller, Get, Param, Query } from '@nestjs/common'
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator'
import Type from 'typebox'
import { PLAYBOOK_NAME } from '../domain/playbook.ts'
import { RUN_STATES, RunReads, type RunShown, type RunState, type RunSummary } from '../store/run-reads.ts'

import { RunSchema, RunSummarySchema } from './run.schema.ts'

const RunPlace = Type.Object({
  decidedAt: InstantKey,
  id: Type.String({ format: 'uuid' }),
})

export class RunsQuery extends PageQuery {
  @Described('Account id.')
  @IsOptional()
  @IsUUID()
  account?: string

  @Described('Name of a playbook.', 'first-call')
  @IsOptional()
  @Matches(PLAYBOOK_NAME, { message: '$property must be the name of a playbook' })
  playbook?: string

  @Described('Those in this state.', 'running')
  @IsOptional()
  @IsIn(RUN_STATES)
  state?: RunState
}

export class RunParameters {
  @Described('Run id.')
  @IsUUID()
  id!: string
}

@Controller('v1/runs')
export class RunsController {
  constructor(private readonly runs: RunReads) {}

  @Get()
  @Documented({ summary: 'List runs', description: 'Newest first.', answer: pageSchema(RunSummarySchema) })
  async list(@Query() { cursor, limit, account, playbook, state }: RunsQuery): Promise<Page<RunSummary>> {
    const filter = { ...(account && { account }), ...(playbook && { playbook }), ...(state && { state }) }
    const rows = await this.runs.list(filter, decodeCursor(RunPlace, cursor), limit + 1)
    return pageOf(rows, limit, ({ id, decidedAt }) => ({ decidedAt, id }))
  }

  @Get(':id')
  @Documented({ summary: 'Show a run', answer: RunSchema, problems: { 404: ['RUN_NOT_FOUND'] } })
  async show(@Param() { id }: RunParameters): Promise<RunShown> {
    const run = await this.runs.get(id)
    if (run) return run
    throw new ProblemError({ code: 'RUN_NOT_FOUND', status: 404, detail: 'there is no such run' })
  }
}
