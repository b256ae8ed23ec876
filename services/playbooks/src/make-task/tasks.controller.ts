import {
  Clock,
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
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common'
import { IsIn, IsNotEmpty, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator'
import Type from 'typebox'
import { TASK_STATES, type TaskShown, type TaskState, Tasks } from '../store/tasks.ts'
import { TaskSchema } from './task.schema.ts'

const TaskPlace = Type.Object({
  dueAt: InstantKey,
  id: Type.String({ minLength: 1 }),
})

export class TasksQuery extends PageQuery {
  @Described('Account id.')
  @IsOptional()
  @IsUUID()
  account?: string

  @Described('Those in this state.', 'open')
  @IsOptional()
  @IsIn(TASK_STATES)
  state?: TaskState

  @Described('A name, or `account-owner`.', 'mika')
  @IsOptional()
  @IsString()
  @MaxLength(200)
  owner?: string
}

export class TaskParameters {
  @Described('`<run id>-<step>`', '5f3e3f1e-4f0a-4c55-9a53-0a1d6f2b7c48-call')
  @Matches(/^[0-9a-f-]{36}-[a-z0-9-]{1,63}$/, { message: '$property must be the id of a task' })
  id!: string
}

export class DoneBody {
  @Described('Who did it.', 'mika')
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  by!: string

  @Described('What came of it.', 'They renew.')
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  note?: string
}

@Controller('v1/tasks')
export class TasksController {
  constructor(
    private readonly tasks: Tasks,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Documented({ summary: 'List tasks', description: 'By due time.', answer: pageSchema(TaskSchema) })
  async list(@Query() { cursor, limit, account, state, owner }: TasksQuery): Promise<Page<TaskShown>> {
    const rows = await this.tasks.list({ account, state, owner }, decodeCursor(TaskPlace, cursor), limit + 1)
    return pageOf(rows, limit, ({ dueAt, id }) => ({ dueAt, id }))
  }

  @Post(':id/done')
  @HttpCode(200)
  @Documented({
    summary: 'Mark a task done',
    description: 'One that is done already stays as it is.',
    answer: TaskSchema,
    problems: { 404: ['TASK_NOT_FOUND'], 409: ['TASK_CANCELLED'] },
  })
  async done(@Param() { id }: TaskParameters, @Body() { by, note }: DoneBody): Promise<TaskShown> {
    const task = await this.tasks.done(id, by, note ?? null, this.clock.now())
    if (task === undefined)
      throw new ProblemError({ code: 'TASK_NOT_FOUND', status: 404, detail: 'there is no such task' })
    if (task.state === 'cancelled')
      throw new ProblemError({ code: 'TASK_CANCELLED', status: 409, detail: 'the task was cancelled' })
    return task
  }
}
