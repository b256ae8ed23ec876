import { topics } from '@banso/contracts'
import { logSettings, MessagingModule } from '@banso/messaging'
import { PlatformModule } from '@banso/platform'
import { type DynamicModule, Module } from '@nestjs/common'
import { DataSource } from 'typeorm'
import type { AccountsConfig } from './config.ts'
import { FoldObservationsHandler } from './fold-observations/fold-observations.handler.ts'
import { publishAgain } from './publish-profiles/publish-profile.ts'
import { rebuildProfiles } from './publish-profiles/rebuild-profiles.ts'
import { ShowAccountsController } from './show-accounts/show-accounts.controller.ts'
import { AccountDirectory } from './store/account-directory.ts'
import { lockAccounts } from './store/account-ledger.ts'
import { dataSourceOptions } from './store/data-source.ts'

@Module({})
export class AppModule {
  static forConfig(config: AccountsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          service: 'accounts',
          settings: config,
          token: config.BANSO_SERVICE_TOKEN_ACCOUNTS,
          database: dataSourceOptions(config.ACCOUNTS_DATABASE_URL),
        }),
        MessagingModule.forRoot({
          service: 'accounts',
          log: logSettings(config),
          lockKeys: lockAccounts,
          rebuild: rebuildProfiles,
          echoes: [{ topic: topics.profiles, present: publishAgain }],
        }),
      ],
      controllers: [FoldObservationsHandler, ShowAccountsController],
      providers: [
        {
          provide: AccountDirectory,
          inject: [DataSource],
          useFactory: (database: DataSource) => new AccountDirectory(database),
        },
      ],
    }
  }
}
