import { decodeCursor, type Page, pageOf, PageQuery } from '@banso/platform'
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common'
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator'
import Type from 'typebox'
import { PLAYBOOK_NAME } from '../domain/playbook.ts'
import { ACTION_STATES, ActionReads, type ActionShown, type ActionState } from '../store/action-reads.ts'
import { RedriveAction } from './redrive-action.ts'

const ActionPlace = Type.Object({
  requestedAt: Type.String({ format: 'date-time' }),
  runId: Type.String({ format: 'uuid' }),
  step: Type.String({ minLength: 1 }),
})

const KINDS = ['webhook', 'email', 'task'] as const

export class ActionsQuery extends PageQuery {
  @IsOptional()
  @IsIn(ACTION_STATES)
  state?: ActionState

  @IsOptional()
  @IsIn(KINDS)
  kind?: (typeof KINDS)[number]

  @IsOptional()
  @IsUUID()
  account?: string

  @IsOptional()
  @Matches(PLAYBOOK_NAME, { message: '$property must be the name of a playbook' })
  playbook?: string
}

export class ActionParameters {
  @IsUUID()
  run!: string

  @Matches(/^[a-z0-9][a-z0-9-]{0,62}$/, { message: '$property must be the id of a step' })
  step!: string
}

@Controller('v1/actions')
export class ActionsController {
  constructor(
    private readonly actions: ActionReads,
    private readonly again: RedriveAction,
  ) {}

  @Get()
  async list(@Query() { cursor, limit, ...filter }: ActionsQuery): Promise<Page<ActionShown>> {
    const rows = await this.actions.list(filter, decodeCursor(ActionPlace, cursor), limit + 1)
    return pageOf(rows, limit, ({ requestedAt, run }) => ({ requestedAt, runId: run.id, step: run.step }))
  }

  @Post(':run/:step/redrive')
  @HttpCode(202)
  redrive(@Param() { run, step }: ActionParameters): Promise<ActionShown> {
    return this.again.redrive(run, step)
  }
}
