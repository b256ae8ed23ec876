import type { AccountScored } from '@banso/contracts'
import { Clock, decodeCursor, type Page, pageOf, ProblemError } from '@banso/platform'
import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common'
import Type from 'typebox'
import { Calendar } from '../domain/calendar.ts'
import { type Reason, reasonsOf } from '../domain/explain.ts'
import { HealthReader, type ScoreOfDay, type UsageOfDay } from '../store/health-reader.ts'
import { DayRangeQuery, rangeOf, UsageQuery } from './day-range.query.ts'

const DayText = Type.String({ format: 'date' })
const NameText = Type.String({ pattern: '^[^\\u0000]*$' })
const UsageCursor = Type.Tuple([DayText, NameText, NameText])

@Controller('v1/accounts/:id')
export class ShowHealthController {
  constructor(
    private readonly health: HealthReader,
    private readonly calendar: Calendar,
    private readonly clock: Clock,
  ) {}

  @Get('score')
  async score(@Param('id', ParseUUIDPipe) accountId: string): Promise<AccountScored & { readonly why: Reason[] }> {
    const scored = await this.health.score(accountId)
    if (scored) return { ...scored, why: reasonsOf(scored.measures) }
    await this.mustKnow(accountId)
    throw new ProblemError({ code: 'ACCOUNT_NOT_SCORED', status: 404, detail: `account ${accountId} has no score yet` })
  }

  @Get('score/history')
  async history(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Query() query: DayRangeQuery,
  ): Promise<Page<ScoreOfDay>> {
    const range = rangeOf(query, this.today())
    const after = decodeCursor(DayText, query.cursor)
    await this.mustKnow(accountId)
    const rows = await this.health.history({ accountId, ...range, after, limit: query.limit + 1 })
    return pageOf(rows, query.limit, ({ day }) => day)
  }

  @Get('usage')
  async usage(@Param('id', ParseUUIDPipe) accountId: string, @Query() query: UsageQuery): Promise<Page<UsageOfDay>> {
    const range = rangeOf(query, this.today())
    const after = decodeCursor(UsageCursor, query.cursor)
    await this.mustKnow(accountId)
    const knownOn = query.knownOn ?? null
    const rows = await this.health.usage({ accountId, ...range, after, limit: query.limit + 1, knownOn })
    return pageOf(rows, query.limit, ({ day, kind, event }) => [day, kind, event])
  }

  private today(): number {
    return this.calendar.dayOf(this.clock.now())
  }

  private async mustKnow(accountId: string): Promise<void> {
    if (await this.health.knows(accountId)) return
    throw new ProblemError({ code: 'ACCOUNT_NOT_FOUND', status: 404, detail: `there is no account ${accountId}` })
  }
}
