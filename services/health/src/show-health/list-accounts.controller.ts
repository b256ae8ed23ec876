import { DayKey, decodeCursor, Documented, type Page, pageOf, pageSchema } from '@banso/platform'
import { Controller, Get, Query } from '@nestjs/common'
import Type from 'typebox'
import { type AccountEntry, AccountLists, keyOfEntry } from '../store/account-list.ts'
import { AccountsQuery } from './accounts.query.ts'
import { AccountEntrySchema } from './health.schema.ts'

const AccountId = Type.String({ format: 'uuid' })
const ScoreCursor = Type.Tuple([Type.Number(), AccountId])
const DayCursor = Type.Tuple([DayKey, AccountId])

@Controller('v1/accounts')
export class ListAccountsController {
  constructor(private readonly lists: AccountLists) {}

  @Get()
  @Documented({ summary: 'List accounts', answer: pageSchema(AccountEntrySchema) })
  async list(@Query() { band, sort, cursor, limit }: AccountsQuery): Promise<Page<AccountEntry>> {
    const after = sort === 'day' ? decodeCursor(DayCursor, cursor) : decodeCursor(ScoreCursor, cursor)
    const rows = await this.lists.accounts({ band: band ?? null, sort, after, limit: limit + 1 })
    return pageOf(rows, limit, (entry) => keyOfEntry(sort, entry))
  }
}
