import { Blueprints, BlueprintsModule } from '@banso/blueprints'
import { EVENT_LOG, type EventLog, logSettings, MessagingModule, Timers, Transactions } from '@banso/messaging'
import { Calendar, Clock, openCalendar, PlatformModule } from '@banso/platform'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { DataSource } from 'typeorm'
import type { JourneysConfig } from './config.ts'
import { FoldProfilesHandler } from './fold-profiles/fold-profiles.handler.ts'
import { FoldScoresHandler } from './fold-scores/fold-scores.handler.ts'
import { FoldUsageHandler } from './fold-usage/fold-usage.handler.ts'
import { journeys as journeyBlueprints } from './keep-journeys/journey-kind.ts'
import { MarkMilestonesController } from './mark-milestones/mark-milestones.controller.ts'
import { MarkMilestones } from './mark-milestones/mark-milestones.ts'
import { DailyMove } from './move-accounts/daily-move.timer.ts'
import { rebuildJourneys } from './move-accounts/rebuild-journeys.ts'
import { JourneyReader } from './show-journeys/journey-reader.ts'
import { ShowJourneysController } from './show-journeys/show-journeys.controller.ts'
import { lockAccounts } from './store/accounts.ts'
import { dataSourceOptions } from './store/data-source.ts'
import { Journeys } from './store/journeys.ts'

const providersOf = (zone: string, journeys: Journeys): Provider[] => [
  { provide: Journeys, useValue: journeys },
  { provide: Calendar, inject: [DataSource], useFactory: (database: DataSource) => openCalendar(database, zone) },
  {
    provide: JourneyReader,
    inject: [DataSource, Calendar],
    useFactory: (database: DataSource, calendar: Calendar) => new JourneyReader(database, journeys, calendar),
  },
  {
    provide: MarkMilestones,
    inject: [Transactions, Calendar],
    useFactory: (transactions: Transactions, calendar: Calendar) =>
      new MarkMilestones(transactions, journeys, calendar),
  },
  {
    provide: DailyMove,
    inject: [DataSource, EVENT_LOG, Transactions, Timers, Clock, Calendar],
    useFactory: (
      database: DataSource,
      log: EventLog,
      transactions: Transactions,
      timers: Timers,
      clock: Clock,
      calendar: Calendar,
    ) => new DailyMove({ database, log, transactions, timers, clock, calendar, journeys }),
  },
]

@Module({})
export class AppModule {
  /** `clock`: the system's, unless one is given. */
  static forConfig(config: JourneysConfig, clock?: Clock): DynamicModule {
    const journeys = new Journeys(new Blueprints())
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          service: 'journeys',
          settings: config,
          token: config.BANSO_SERVICE_TOKEN_JOURNEYS,
          database: dataSourceOptions(config.JOURNEYS_DATABASE_URL),
          ...(clock && { clock }),
        }),
        BlueprintsModule.forRoot({ kinds: [journeyBlueprints] }),
        MessagingModule.forRoot({
          service: 'journeys',
          log: logSettings(config),
          lockKeys: lockAccounts,
          rebuild: rebuildJourneys({ journeys, days: new Calendar(config.BANSO_TIMEZONE) }),
        }),
      ],
      controllers: [
        FoldUsageHandler,
        FoldScoresHandler,
        FoldProfilesHandler,
        ShowJourneysController,
        MarkMilestonesController,
      ],
      providers: providersOf(config.BANSO_TIMEZONE, journeys),
    }
  }
}
