import {
  Clock,
  DayKey,
  decodeCursor,
  Documented,
  InstantKey,
  type Page,
  PageQuery,
  pageOf,
  pageSchema,
  ProblemError,
  Calendar,
  type Day,
  parseDay,
} from '@banso/platform'
import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common'
import Type from 'typebox'
import { type Reason, reasonsOf } from '../domain/explain.ts'
import { AccountLists, type TicketEntry } from '../store/account-list.ts'
import { HealthReader, type ScoreOfDay, type UsageOfDay } from '../store/health-reader.ts'
import { type PastScored, PastScores } from '../store/past-scores.ts'
import type { PresentScore } from '../store/present-score.ts'
import { ScoreQuery } from './accounts.query.ts'
import { DayRangeQuery, rangeOf, UsageQuery } from './day-range.query.ts'
import {
  AccountParameter,
  ScoreOfDaySchema,
  ScoreSchema,
  TicketEntrySchema,
  UsageOfDaySchema,
} from './health.schema.ts'

const ofAccount = { parameters: { id: AccountParameter }, problems: { 404: ['ACCOUNT_NOT_FOUND'] } }
const ofRange = {
  ...ofAccount,
  problems: { 400: ['DAY_RANGE_EMPTY', 'DAY_RANGE_TOO_LONG'], 404: ['ACCOUNT_NOT_FOUND'] },
}
const TicketCursor = Type.Tuple([InstantKey, Type.String(), Type.String()])
const RECENT_DAYS = 28
const UsageCursor = Type.Tuple([DayKey, Type.String(), Type.String()])

@Controller('v1/accounts/:id')
export class ShowHealthController {
  constructor(
    private readonly health: HealthReader,
    private readonly lists: AccountLists,
    private readonly past: PastScores,
    private readonly calendar: Calendar,
    private readonly clock: Clock,
  ) {}

  @Get('score')
  @Documented({
    summary: 'Show a score',
    description: 'The present one and why it is so; with `day` or `knownOn`, one of the past.',
    ...ofAccount,
    answer: ScoreSchema,
    problems: { 400: ['DAY_NOT_PAST'], 404: ['ACCOUNT_NOT_FOUND', 'ACCOUNT_NOT_SCORED'] },
  })
  async score(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Query() { lang, day, knownOn }: ScoreQuery,
  ): Promise<(PresentScore & { readonly why: Reason[] }) | PastScored> {
    await this.health.mustKnow(accountId)
    const asked = day ?? knownOn
    if (asked !== undefined) return this.past.scoreOf(accountId, ...this.pastDays(asked, knownOn ?? asked), lang)
    const scored = await this.health.score(accountId)
    if (scored) return { ...scored, why: reasonsOf(scored.measures, lang) }
    throw new ProblemError({ code: 'ACCOUNT_NOT_SCORED', status: 404, detail: `account ${accountId} has no score yet` })
  }

  @Get('score/history')
  @Documented({ summary: 'List past scores', ...ofRange, answer: pageSchema(ScoreOfDaySchema) })
  async history(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Query() query: DayRangeQuery,
  ): Promise<Page<ScoreOfDay>> {
    const range = rangeOf(query, this.today())
    const after = decodeCursor(DayKey, query.cursor)
    await this.health.mustKnow(accountId)
    const rows = await this.health.history({ accountId, ...range, after, limit: query.limit + 1 })
    return pageOf(rows, query.limit, ({ day }) => day)
  }

  @Get('usage')
  @Documented({ summary: 'List usage', ...ofRange, answer: pageSchema(UsageOfDaySchema) })
  async usage(@Param('id', ParseUUIDPipe) accountId: string, @Query() query: UsageQuery): Promise<Page<UsageOfDay>> {
    const range = rangeOf(query, this.today())
    const after = decodeCursor(UsageCursor, query.cursor)
    await this.health.mustKnow(accountId)
    const knownOn = query.knownOn ?? null
    const rows = await this.health.usage({ accountId, ...range, after, limit: query.limit + 1, knownOn })
    return pageOf(rows, query.limit, ({ day, kind, event }) => [day, kind, event])
  }

  @Get('tickets')
  @Documented({
    summary: 'List tickets',
    description: 'Those that are open, or changed in the last 28 days; the latest change first.',
    ...ofAccount,
    answer: pageSchema(TicketEntrySchema),
  })
  async tickets(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<Page<TicketEntry>> {
    const after = decodeCursor(TicketCursor, cursor)
    await this.health.mustKnow(accountId)
    const since = this.calendar.startOf(this.today() - RECENT_DAYS + 1)
    const rows = await this.lists.tickets({ accountId, since, after, limit: limit + 1 })
    return pageOf(rows, limit, ({ changedAt, source, ticketId }) => [changedAt.toISOString(), source, ticketId])
  }

  private today(): Day {
    return this.calendar.dayOf(this.clock.now())
  }

  private pastDays(day: string, knownOn: string): [day: Day, knownOn: Day] {
    if (day <= knownOn && parseDay(day) <= this.today()) return [parseDay(day), parseDay(knownOn)]
    const detail = 'day must not be in the future, nor after knownOn'
    throw new ProblemError({ code: 'DAY_NOT_PAST', status: 400, detail, pointer: '/day' })
  }
}
