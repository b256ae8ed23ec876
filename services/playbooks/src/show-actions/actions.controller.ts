import {
  decodeCursor,
  Described,
  Documented,
  InstantKey,
  type Page,
  pageOf,
  PageQuery,
  pageSchema,
} from '@banso/platform'
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common'
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator'
import Type from 'typebox'
import { PLAYBOOK_NAME } from '../domain/playbook.ts'
import { ACTION_STATES, ActionReads, type ActionShown, type ActionState } from '../store/action-reads.ts'
import { ActionSchema } from './action.schema.ts'
import { RedriveAction } from './redrive-action.ts'

const ActionPlace = Type.Object({
  requestedAt: InstantKey,
  runId: Type.String({ format: 'uuid' }),
  step: Type.String({ minLength: 1 }),
})

const KINDS = ['webhook', 'email', 'task'] as const

export class ActionsQuery extends PageQuery {
  @Described('Those in this state.', 'failed')
  @IsOptional()
  @IsIn(ACTION_STATES)
  state?: ActionState

  @Described('Those of this kind.', 'webhook')
  @IsOptional()
  @IsIn(KINDS)
  kind?: (typeof KINDS)[number]

  @Described('Account id.')
  @IsOptional()
  @IsUUID()
  account?: string

  @Described('Name of a playbook.', 'first-call')
  @IsOptional()
  @Matches(PLAYBOOK_NAME, { message: '$property must be the name of a playbook' })
  playbook?: string
}

export class ActionParameters {
  @Described('Run id.')
  @IsUUID()
  run!: string

  @Described('Id of a step.', 'call')
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
  @Documented({ summary: 'List actions', description: 'Newest first.', answer: pageSchema(ActionSchema) })
  async list(@Query() { cursor, limit, ...filter }: ActionsQuery): Promise<Page<ActionShown>> {
    const rows = await this.actions.list(filter, decodeCursor(ActionPlace, cursor), limit + 1)
    return pageOf(rows, limit, ({ requestedAt, run }) => ({ requestedAt, runId: run.id, step: run.step }))
  }

  @Post(':run/:step/redrive')
  @HttpCode(202)
  @Documented({
    summary: 'Redrive an action',
    description: 'Performs one that failed once more, under its own id, with all its attempts anew; its run goes on.',
    answer: ActionSchema,
    problems: { 404: ['ACTION_NOT_FOUND'], 409: ['ACTION_NOT_FAILED'] },
  })
  redrive(@Param() { run, step }: ActionParameters): Promise<ActionShown> {
    return this.again.redrive(run, step)
  }
}
