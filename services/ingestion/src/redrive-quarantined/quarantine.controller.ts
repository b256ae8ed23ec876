import { decodeCursor, Documented, InstantKey, type Page, pageOf, ProblemError } from '@banso/platform'
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common'
import Type from 'typebox'
import { DataSource } from 'typeorm'
import { quarantine, type QuarantineEntry } from '../store/quarantine.ts'
import { QuarantineQuery, RedriveDto } from './quarantine.dto.ts'
import { QuarantineSchema, RedrivenSchema } from './quarantine.schema.ts'
import { Redrive } from './redrive.ts'

const Cursor = Type.Object({ quarantinedAt: InstantKey, id: Type.String({ format: 'uuid' }) })

@Controller('v1/quarantine')
export class QuarantineController {
  constructor(
    private readonly database: DataSource,
    private readonly redrives: Redrive,
  ) {}

  @Get()
  @Documented({ summary: 'List quarantined events', description: 'Oldest first.', answer: QuarantineSchema })
  async list(@Query() { cursor, limit, source, reason }: QuarantineQuery): Promise<Page<QuarantineEntry>> {
    const after = decodeCursor(Cursor, cursor)
    const rows = await quarantine.list(this.database.manager, { source, reason, after, limit: limit + 1 })
    return pageOf(rows, limit, ({ quarantinedAt, id }) => ({ quarantinedAt, id }))
  }

  @Post('redrive')
  @HttpCode(200)
  @Documented({
    summary: 'Redrive quarantined events',
    description:
      'Sends them again by `ids`, or `all` (of a `reason`, up to `max`). What becomes of them, their receipts say.',
    answer: RedrivenSchema,
    example: { all: true, max: 100 },
    problems: { 400: ['PICK_INVALID'] },
  })
  async redrive(@Body() { ids, all, reason, max }: RedriveDto): Promise<{ redriven: number }> {
    if ((ids === undefined) === (all === undefined))
      throw new ProblemError({ code: 'PICK_INVALID', status: 400, detail: 'name either `ids` or `all`' })
    return { redriven: await this.redrives.run({ ids, reason, max }) }
  }
}
