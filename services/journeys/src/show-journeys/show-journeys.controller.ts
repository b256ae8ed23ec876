import { decodeCursor, type Page, pageOf } from '@banso/platform'
import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common'
import Type from 'typebox'
import type { AccountLine } from '../store/board.ts'
import { AccountsQuery } from './accounts.query.ts'
import { type AccountJourney, type Board, JourneyReader } from './journey-reader.ts'

const Cursor = Type.String({ format: 'uuid' })

@Controller('v1')
export class ShowJourneysController {
  constructor(private readonly reader: JourneyReader) {}

  @Get('accounts/:id/journey')
  account(@Param('id', ParseUUIDPipe) accountId: string): Promise<AccountJourney> {
    return this.reader.account(accountId)
  }

  @Get('journeys/:name/board')
  board(@Param('name') name: string): Promise<Board> {
    return this.reader.board(name)
  }

  @Get('journeys/:name/accounts')
  async accounts(@Param('name') journey: string, @Query() query: AccountsQuery): Promise<Page<AccountLine>> {
    const { stage = null, state = null, cursor, limit } = query
    const after = decodeCursor(Cursor, cursor) ?? null
    const rows = await this.reader.lines({ journey, stage, standing: state, after, limit: limit + 1 })
    return pageOf(rows, limit, ({ accountId }) => accountId)
  }
}
