import { mustNotRebuild, Transactions, type Work } from '@banso/messaging'
import {
  Calendar,
  Clock,
  decodeCursor,
  Documented,
  type Page,
  pageOf,
  PageQuery,
  pageSchema,
  ProblemError,
  storable,
} from '@banso/platform'
import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Put, Query } from '@nestjs/common'
import Type from 'typebox'
import { DataSource } from 'typeorm'
import { scoreDay } from '../score-accounts/score-day.ts'
import { lockAccounts } from '../store/accounts.ts'
import { mustKnow } from '../store/known-accounts.ts'
import { endOverride, type KeptOverride, type NewOverride, readOverrides, setOverride } from '../store/overrides.ts'
import { type PresentScore, readPresentScore } from '../store/present-score.ts'
import { ScoringBases } from '../store/scoring-bases.ts'
import { expiryId, expiryOf } from './expire-override.timer.ts'
import { OverrideDto } from './override.dto.ts'
import { KeptOverrideSchema, ScoredSchema } from './override.schema.ts'

const parameters = { id: Type.String({ description: 'Account id.' }) }
const LONGEST_MS = 366 * 86_400_000
const Ordinal = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })

/** A score that a person sets, for a while, with a reason and a name to ask. */
@Controller('v1/accounts/:id')
export class OverrideScoreController {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly bases: ScoringBases,
    private readonly calendar: Calendar,
    private readonly clock: Clock,
  ) {}

  @Put('override')
  @Documented({
    summary: 'Override a score',
    description: 'By a person, for a while, with a reason and a name to ask.',
    parameters,
    answer: ScoredSchema,
    problems: { 400: ['OVERRIDE_UNTIL_INVALID'], 404: ['ACCOUNT_NOT_FOUND'], 503: ['REBUILDING'] },
  })
  async set(@Param('id', ParseUUIDPipe) accountId: string, @Body() dto: OverrideDto): Promise<PresentScore> {
    const override = overrideOf(dto, this.clock.now())
    return this.withFacts(accountId, async (work) => {
      await setOverride(work.tx, accountId, override, work.now)
      work.schedule(expiryOf(accountId, new Date(override.until)))
      return this.scored(work, accountId)
    })
  }

  @Delete('override')
  @Documented({
    summary: 'Lift an override',
    parameters,
    answer: ScoredSchema,
    problems: { 404: ['ACCOUNT_NOT_FOUND', 'OVERRIDE_NOT_FOUND'], 503: ['REBUILDING'] },
  })
  async lift(@Param('id', ParseUUIDPipe) accountId: string): Promise<PresentScore> {
    return this.withFacts(accountId, async (work) => {
      const detail = `no override of account ${accountId} is in force`
      if (!(await endOverride(work.tx, accountId, 'lifted', work.now)))
        throw new ProblemError({ code: 'OVERRIDE_NOT_FOUND', status: 404, detail })
      work.cancelTimer(expiryId(accountId))
      return this.scored(work, accountId)
    })
  }

  @Get('overrides')
  @Documented({
    summary: 'List overrides',
    description: 'All that ever were, the newest first.',
    parameters,
    answer: pageSchema(KeptOverrideSchema),
    problems: { 404: ['ACCOUNT_NOT_FOUND'] },
  })
  async history(
    @Param('id', ParseUUIDPipe) accountId: string,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<Page<KeptOverride>> {
    const before = decodeCursor(Ordinal, cursor) ?? null
    await mustKnow(this.database.manager, accountId)
    const rows = await readOverrides(this.database.manager, accountId, before, limit + 1)
    return pageOf(rows, limit, ({ id }) => id)
  }

  /** In a transaction in which all that is known of the account is there: half of it would be told as a move. */
  private withFacts<R>(accountId: string, run: (work: Work) => Promise<R>): Promise<R> {
    return this.transactions.run([], async (work) => {
      await mustNotRebuild(work.tx, 'health')
      await mustKnow(work.tx, accountId)
      await lockAccounts(work.tx, [accountId])
      return run(work)
    })
  }

  private async scored(work: Work, accountId: string): Promise<PresentScore> {
    await scoreDay(work, [accountId], this.calendar.dayOf(work.now), { bases: this.bases, calendar: this.calendar })
    const scored = await readPresentScore(work.tx, accountId)
    if (scored) return scored
    throw new Error(`account ${accountId} was scored, and has no score`)
  }
}

const overrideOf = ({ score, reason, owner, until, note }: OverrideDto, now: Date): NewOverride => {
  const end = new Date(until)
  const ahead = end.getTime() - now.getTime()
  if (!(ahead > 0 && ahead <= LONGEST_MS)) {
    const detail = 'until must be in the future, by a year at most'
    throw new ProblemError({ code: 'OVERRIDE_UNTIL_INVALID', status: 400, detail, pointer: '/until' })
  }
  return {
    score,
    reason,
    owner: storable(owner),
    note: note === undefined ? null : storable(note),
    until: end.toISOString(),
  }
}
