import { Clock, decodeCursor, type Page, pageOf, PageQuery, ProblemError } from '@banso/platform'
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common'
import { IsIn, IsNotEmpty, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator'
import Type from 'typebox'
import { TASK_STATES, type TaskShown, type TaskState, Tasks } from '../store/tasks.ts'

const TaskPlace = Type.Object({
  dueAt: Type.String({ format: 'date-time' }),
  id: Type.String({ minLength: 1 }),
})

export class TasksQuery extends PageQuery {
  @IsOptional()
  @IsUUID()
  account?: string

  @IsOptional()
  @IsIn(TASK_STATES)
  state?: TaskState

  @IsOptional()
  @IsString()
  @MaxLength(200)
  owner?: string
}

export class TaskParameters {
  /** `<run id>-<step>` */
  @Matches(/^[0-9a-f-]{36}-[a-z0-9-]{1,63}$/, { message: '$property must be the id of a task' })
  id!: string
}

export class DoneBody {
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  by!: string

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
  async list(@Query() { cursor, limit, account, state, owner }: TasksQuery): Promise<Page<TaskShown>> {
    const rows = await this.tasks.list({ account, state, owner }, decodeCursor(TaskPlace, cursor), limit + 1)
    return pageOf(rows, limit, ({ dueAt, id }) => ({ dueAt, id }))
  }

  @Post(':id/done')
  @HttpCode(200)
  async done(@Param() { id }: TaskParameters, @Body() { by, note }: DoneBody): Promise<TaskShown> {
    const task = await this.tasks.done(id, by, note ?? null, this.clock.now())
    if (task === undefined)
      throw new ProblemError({ code: 'TASK_NOT_FOUND', status: 404, detail: 'there is no such task' })
    if (task.state === 'cancelled')
      throw new ProblemError({ code: 'TASK_CANCELLED', status: 409, detail: 'the task was cancelled' })
    return task
  }
}
