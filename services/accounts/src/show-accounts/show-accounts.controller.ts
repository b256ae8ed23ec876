import { decodeCursor, Documented, type Page, pageOf, pageSchema, ProblemError } from '@banso/platform'
import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common'
import Type from 'typebox'
import { AccountDirectory, type AccountView } from '../store/account-directory.ts'
import { AccountSchema } from './account.schema.ts'
import { AccountsQuery } from './accounts.query.ts'

const Cursor = Type.String({ format: 'uuid' })

@Controller('v1/accounts')
export class ShowAccountsController {
  constructor(private readonly accounts: AccountDirectory) {}

  @Get()
  @Documented({
    summary: 'List accounts',
    description: 'In the order of their ids.',
    answer: pageSchema(AccountSchema),
  })
  async list(@Query() { cursor, limit, externalId, name }: AccountsQuery): Promise<Page<AccountView>> {
    const after = decodeCursor(Cursor, cursor)
    const rows = await this.accounts.list({ after, limit: limit + 1, externalId, namePrefix: name })
    return pageOf(rows, limit, ({ accountId }) => accountId)
  }

  @Get(':id')
  @Documented({
    summary: 'Show an account',
    parameters: { id: Type.String({ description: 'Account id.' }) },
    answer: AccountSchema,
    problems: { 404: ['ACCOUNT_NOT_FOUND'] },
  })
  async show(@Param('id', ParseUUIDPipe) id: string): Promise<AccountView> {
    const account = await this.accounts.find(id)
    if (account === undefined)
      throw new ProblemError({ code: 'ACCOUNT_NOT_FOUND', status: 404, detail: `there is no account ${id}` })
    return account
  }
}
