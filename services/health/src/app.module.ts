import { Blueprints, BlueprintsModule } from '@banso/blueprints'
import { topics } from '@banso/contracts'
import { EVENT_LOG, type EventLog, logSettings, MessagingModule, Timers, Transactions } from '@banso/messaging'
import { Calendar, Clock, openCalendar, PlatformModule, SystemClock } from '@banso/platform'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { DataSource } from 'typeorm'
import type { HealthConfig } from './config.ts'
import { FoldProfilesHandler } from './fold-profiles/fold-profiles.handler.ts'
import { FoldTicketsHandler } from './fold-tickets/fold-tickets.handler.ts'
import { FoldUsageHandler } from './fold-usage/fold-usage.handler.ts'
import { scorecardBlueprint } from './keep-scorecards/scorecard-blueprint.ts'
import { ExpireOverride } from './override-score/expire-override.timer.ts'
import { OverrideScoreController } from './override-score/override-score.controller.ts'
import { DailyScore } from './score-accounts/daily-score.timer.ts'
import { publishAgain } from './score-accounts/publish-again.ts'
import { rebuildScores } from './score-accounts/rebuild-scores.ts'
import { ListAccountsController } from './show-health/list-accounts.controller.ts'
import { ShowHealthController } from './show-health/show-health.controller.ts'
import { AccountLists } from './store/account-list.ts'
import { lockAccounts } from './store/accounts.ts'
import { dataSourceOptions } from './store/data-source.ts'
import { HealthReader } from './store/health-reader.ts'
import { PastScores } from './store/past-scores.ts'
import { ScoringBases } from './store/scoring-bases.ts'

const providersOf = (zone: string, bases: ScoringBases): Provider[] => [
  { provide: Calendar, inject: [DataSource], useFactory: (database: DataSource) => openCalendar(database, zone) },
  { provide: ScoringBases, useValue: bases },
  {
    provide: HealthReader,
    inject: [DataSource],
    useFactory: (database: DataSource) => new HealthReader(database),
  },
  { provide: AccountLists, inject: [DataSource], useFactory: (database: DataSource) => new AccountLists(database) },
  {
    provide: PastScores,
    inject: [DataSource, Calendar],
    useFactory: (database: DataSource, calendar: Calendar) => new PastScores(database, { bases, calendar }),
  },
  {
    provide: ExpireOverride,
    inject: [Timers, Calendar],
    useFactory: (timers: Timers, calendar: Calendar) => new ExpireOverride(timers, { bases, calendar }),
  },
  {
    provide: DailyScore,
    inject: [DataSource, EVENT_LOG, Transactions, Timers, Clock, Calendar],
    useFactory: (
      database: DataSource,
      log: EventLog,
      transactions: Transactions,
      timers: Timers,
      clock: Clock,
      calendar: Calendar,
    ) => new DailyScore({ database, log, transactions, timers, clock, calendar, bases }),
  },
]

@Module({})
export class AppModule {
  /** `clock`: the system's, unless one is given. */
  static forConfig(config: HealthConfig, clock: Clock = new SystemClock()): DynamicModule {
    const bases = new ScoringBases(new Blueprints())
    const parts = { bases, calendar: new Calendar(config.BANSO_TIMEZONE) }
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          service: 'health',
          settings: config,
          token: config.BANSO_SERVICE_TOKEN_HEALTH,
          database: dataSourceOptions(config.HEALTH_DATABASE_URL),
          clock,
        }),
        MessagingModule.forRoot({
          service: 'health',
          log: logSettings(config),
          lockKeys: lockAccounts,
          rebuild: rebuildScores(parts),
          echoes: [{ topic: topics.scores, present: publishAgain }],
        }),
        BlueprintsModule.forRoot({ kinds: [scorecardBlueprint(parts, clock)] }),
      ],
      controllers: [
        FoldUsageHandler,
        FoldTicketsHandler,
        FoldProfilesHandler,
        ListAccountsController,
        ShowHealthController,
        OverrideScoreController,
      ],
      providers: providersOf(config.BANSO_TIMEZONE, bases),
    }
  }
}
