import { decodeCursor, type Page, pageOf, ProblemError } from '@banso/platform'
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common'
import Type from 'typebox'
import { DataSource } from 'typeorm'
import { quarantine, type QuarantineEntry } from '../store/quarantine.ts'
import { QuarantineQuery, RedriveDto } from './quarantine.dto.ts'
import { Redrive } from './redrive.ts'

const Cursor = Type.Object({ quarantinedAt: Type.String({ format: 'date-time' }), id: Type.String({ format: 'uuid' }) })

@Controller('v1/quarantine')
export class QuarantineController {
  constructor(
    private readonly database: DataSource,
    private readonly redrives: Redrive,
  ) {}

  @Get()
  async list(@Query() { cursor, limit, source, reason }: QuarantineQuery): Promise<Page<QuarantineEntry>> {
    const after = decodeCursor(Cursor, cursor)
    const rows = await quarantine.list(this.database.manager, { source, reason, after, limit: limit + 1 })
    return pageOf(rows, limit, ({ quarantinedAt, id }) => ({ quarantinedAt, id }))
  }

  /** How many were sent again; what becomes of them, their receipts say. */
  @Post('redrive')
  @HttpCode(200)
  async redrive(@Body() { ids, all, reason, max }: RedriveDto): Promise<{ redriven: number }> {
    if ((ids === undefined) === (all === undefined))
      throw new ProblemError({ code: 'PICK_INVALID', status: 400, detail: 'name either `ids` or `all`' })
    return { redriven: await this.redrives.run({ ids, reason, max }) }
  }
}
