import { topics } from '@banso/contracts'
import { EVENT_LOG, type EventLog, logSettings, MessagingModule, Timers, Transactions } from '@banso/messaging'
import { Clock, PlatformModule } from '@banso/platform'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { DataSource } from 'typeorm'
import type { HealthConfig } from './config.ts'
import { Calendar } from './domain/calendar.ts'
import { FoldTicketsHandler } from './fold-tickets/fold-tickets.handler.ts'
import { FoldUsageHandler } from './fold-usage/fold-usage.handler.ts'
import { DailyScore } from './score-accounts/daily-score.timer.ts'
import { publishAgain } from './score-accounts/publish-again.ts'
import { rebuildScores } from './score-accounts/rebuild-scores.ts'
import { ShowHealthController } from './show-health/show-health.controller.ts'
import { lockAccounts } from './store/accounts.ts'
import { dataSourceOptions } from './store/data-source.ts'
import { HealthReader } from './store/health-reader.ts'
import { openCalendar } from './store/installation.ts'

const providersOf = (zone: string): Provider[] => [
  { provide: Calendar, inject: [DataSource], useFactory: (database: DataSource) => openCalendar(database, zone) },
  { provide: HealthReader, inject: [DataSource], useFactory: (database: DataSource) => new HealthReader(database) },
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
    ) => new DailyScore({ database, log, transactions, timers, clock, calendar }),
  },
]

@Module({})
export class AppModule {
  /** `clock`: the system's, unless one is given. */
  static forConfig(config: HealthConfig, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          service: 'health',
          settings: config,
          token: config.BANSO_SERVICE_TOKEN_HEALTH,
          database: dataSourceOptions(config.HEALTH_DATABASE_URL),
          ...(clock && { clock }),
        }),
        MessagingModule.forRoot({
          service: 'health',
          log: logSettings(config),
          lockKeys: lockAccounts,
          rebuild: rebuildScores(new Calendar(config.BANSO_TIMEZONE)),
          echoes: [{ topic: topics.scores, present: publishAgain }],
        }),
      ],
      controllers: [FoldUsageHandler, FoldTicketsHandler, ShowHealthController],
      providers: providersOf(config.BANSO_TIMEZONE),
    }
  }
}
