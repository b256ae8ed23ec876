import { decodeCursor, Documented, type Page, pageOf, pageSchema } from '@banso/platform'
import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common'
import Type from 'typebox'
import type { AccountLine } from '../store/board.ts'
import { AccountsQuery } from './accounts.query.ts'
import {
  AccountJourneySchema,
  AccountLineSchema,
  AccountParameter,
  BoardSchema,
  JourneyParameter,
} from './journey.schema.ts'
import { type AccountJourney, type Board, JourneyReader } from './journey-reader.ts'

const Cursor = Type.String({ format: 'uuid' })

@Controller('v1')
export class ShowJourneysController {
  constructor(private readonly reader: JourneyReader) {}

  @Get('accounts/:id/journey')
  @Documented({
    summary: 'Show a journey',
    parameters: { id: AccountParameter },
    answer: AccountJourneySchema,
    problems: { 404: ['ACCOUNT_NOT_FOUND'] },
  })
  account(@Param('id', ParseUUIDPipe) accountId: string): Promise<AccountJourney> {
    return this.reader.account(accountId)
  }

  @Get('journeys/:name/board')
  @Documented({
    summary: 'Show a board',
    parameters: { name: JourneyParameter },
    answer: BoardSchema,
    problems: { 404: ['JOURNEY_NOT_FOUND'] },
  })
  board(@Param('name') name: string): Promise<Board> {
    return this.reader.board(name)
  }

  @Get('journeys/:name/accounts')
  @Documented({
    summary: 'List accounts',
    description: 'In the order of their ids.',
    parameters: { name: JourneyParameter },
    answer: pageSchema(AccountLineSchema),
    problems: { 404: ['JOURNEY_NOT_FOUND'] },
  })
  async accounts(@Param('name') journey: string, @Query() query: AccountsQuery): Promise<Page<AccountLine>> {
    const { stage = null, state = null, cursor, limit } = query
    const after = decodeCursor(Cursor, cursor) ?? null
    const rows = await this.reader.lines({ journey, stage, standing: state, after, limit: limit + 1 })
    return pageOf(rows, limit, ({ accountId }) => accountId)
  }
}
