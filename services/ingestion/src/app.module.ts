import { EVENT_LOG, type EventLog, logSettings, MessagingModule, RunnerMetrics } from '@banso/messaging'
import { Clock, LOGGER, type Logger, MasterKey, PlatformModule, Readiness, Tracing } from '@banso/platform'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import { Registry } from 'prom-client'
import { DataSource } from 'typeorm'
import { v4 } from 'uuid'
import { Intake } from './accept-events/intake.ts'
import { IntakeMetrics } from './accept-events/intake-metrics.ts'
import { type IngestionConfig, RAW_RETENTION_DAYS } from './config.ts'
import { KnownSenders } from './know-senders/known-senders.ts'
import { ManageSourcesController } from './manage-sources/manage-sources.controller.ts'
import { ReceiptsController } from './read-receipts/receipts.controller.ts'
import { QuarantineController } from './redrive-quarantined/quarantine.controller.ts'
import { Redrive } from './redrive-quarantined/redrive.ts'
import { CaptureServer } from './serve-capture/capture-server.ts'
import { Housekeeping } from './sort-received/housekeeping.ts'
import { ChunkSorter } from './sort-received/sort-chunk.ts'
import { Sorter } from './sort-received/sorter.ts'
import { SorterConsumer } from './sort-received/sorter-consumer.ts'
import { SorterMetrics } from './sort-received/sorter-metrics.ts'
import { checkMasterKey } from './store/check-master-key.ts'
import { Credentials } from './store/credentials.ts'
import { dataSourceOptions } from './store/data-source.ts'
import { quarantine } from './store/quarantine.ts'
import { Sources } from './store/sources.ts'
import { Spool } from './store/spool.ts'

const storesOf = (config: IngestionConfig): Provider[] => [
  {
    provide: MasterKey,
    inject: [DataSource],
    useFactory: async (database: DataSource) => {
      const masterKey = new MasterKey(config.BANSO_MASTER_KEY)
      await checkMasterKey(database, masterKey)
      return masterKey
    },
  },
  ...[Sources, Credentials, Spool].map((store) => ({
    provide: store,
    inject: [DataSource, MasterKey],
    useFactory: (database: DataSource, masterKey: MasterKey) => new store(database, masterKey),
  })),
]

/** What most parts stand on. */
class Ground {
  constructor(
    readonly database: DataSource,
    readonly log: EventLog,
    readonly masterKey: MasterKey,
    readonly clock: Clock,
    readonly logger: Logger,
    readonly registry: Registry,
  ) {}
}

const ground: Provider = {
  provide: Ground,
  inject: [DataSource, EVENT_LOG, MasterKey, Clock, LOGGER, Registry],
  useFactory: (...parts: ConstructorParameters<typeof Ground>) => new Ground(...parts),
}

const captureOf = (config: IngestionConfig): Provider[] => [
  {
    provide: KnownSenders,
    inject: [Credentials, Ground],
    useFactory: (credentials: Credentials, { clock, logger }: Ground) => new KnownSenders(credentials, clock, logger),
  },
  {
    provide: IntakeMetrics,
    inject: [Ground, Spool],
    useFactory: ({ registry }: Ground, spool: Spool) => new IntakeMetrics(registry, spool),
  },
  {
    provide: Intake,
    inject: [Ground, Spool, IntakeMetrics],
    useFactory: ({ log, clock, logger }: Ground, spool: Spool, metrics: IntakeMetrics) =>
      new Intake({ log, spool, metrics, clock, logger, limitMs: config.INGESTION_APPEND_LIMIT_MS }),
  },
  {
    provide: CaptureServer,
    inject: [Ground, Tracing, KnownSenders, Intake, IntakeMetrics],
    useFactory: (
      { clock, logger, registry }: Ground,
      tracing: Tracing,
      senders: KnownSenders,
      intake: Intake,
      metrics: IntakeMetrics,
    ) => {
      const { INGESTION_CONTINUE_TRACES: continuesTraces } = config
      return new CaptureServer({ senders, intake, metrics, clock, logger, tracing, registry, continuesTraces })
    },
  },
]

const sorterOf = (config: IngestionConfig): Provider[] => [
  {
    provide: Sorter,
    inject: [Ground, RunnerMetrics, Tracing],
    useFactory: (
      { database, log, masterKey, clock, logger, registry }: Ground,
      runnerMetrics: RunnerMetrics,
      tracing: Tracing,
    ) => {
      const chunks = new ChunkSorter(database, masterKey, v4)
      const metrics = new SorterMetrics(registry, () => quarantine.count(database.manager))
      return new Sorter({ database, log, chunks, metrics, runnerMetrics, clock, logger, tracing })
    },
  },
  {
    provide: SorterConsumer,
    inject: [Ground, Sorter, RunnerMetrics, Readiness],
    useFactory: ({ database, log, logger }: Ground, sorts: Sorter, metrics: RunnerMetrics, readiness: Readiness) =>
      new SorterConsumer({
        sorter: sorts,
        sorts: sortsIn(config),
        database,
        log,
        logger,
        metrics,
        readiness,
      }),
  },
  {
    provide: Redrive,
    inject: [Ground, Tracing],
    useFactory: ({ database, log, masterKey, clock }: Ground, tracing: Tracing) =>
      new Redrive({ database, log, masterKey, clock, tracing }),
  },
]

const sortsIn = ({ INGESTION_ROLE: role }: IngestionConfig): boolean => role !== 'capture'

const housekeepingOf = (config: IngestionConfig): Provider => ({
  provide: Housekeeping,
  inject: [Ground, SorterConsumer],
  useFactory: ({ database, log, clock, logger }: Ground, consumer: SorterConsumer) =>
    new Housekeeping({
      database,
      log,
      clock,
      logger,
      logId: () => consumer.logId(),
      rawRetentionDays: RAW_RETENTION_DAYS,
      receiptDays: config.INGESTION_RECEIPT_DAYS,
    }),
})

@Module({})
export class AppModule {
  /** `clock`: the system's, unless one is given. */
  static forConfig(config: IngestionConfig, clock?: Clock): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          service: 'ingestion',
          settings: config,
          token: config.BANSO_SERVICE_TOKEN_INGESTION,
          database: dataSourceOptions(config.INGESTION_DATABASE_URL),
          ...(clock && { clock }),
        }),
        MessagingModule.forRoot({ service: 'ingestion', log: logSettings(config), lockKeys: async () => {} }),
      ],
      controllers: [ManageSourcesController, ReceiptsController, QuarantineController],
      providers: [ground, ...storesOf(config), ...captureOf(config), ...sorterOf(config), housekeepingOf(config)],
    }
  }
}
