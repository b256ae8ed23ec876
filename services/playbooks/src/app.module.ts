import { BlueprintsModule } from '@banso/blueprints'
import { logSettings, MessagingModule } from '@banso/messaging'
import { type Clock, PlatformModule } from '@banso/platform'
import { type DynamicModule, Module } from '@nestjs/common'
import { actionControllers, actionProviders, contentPartsOf } from './app-actions.ts'
import { factControllers, factProviders } from './app-facts.ts'
import { runControllers, runProviders } from './app-runs.ts'
import type { PlaybooksConfig } from './config.ts'
import { playbookKind, PlaybookKindParts } from './keep-playbooks/playbook.kind.ts'
import { dataSourceOptions } from './store/data-source.ts'
import { lockAccounts } from './store/lock-accounts.ts'

@Module({})
export class AppModule {
  /** `clock`: the system's, unless one is given. */
  static forConfig(config: PlaybooksConfig, clock?: Clock): DynamicModule {
    const [contents, kindParts] = [contentPartsOf(config), new PlaybookKindParts()]
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          service: 'playbooks',
          settings: config,
          token: config.BANSO_SERVICE_TOKEN_PLAYBOOKS,
          database: dataSourceOptions(config.PLAYBOOKS_DATABASE_URL),
          ...(clock && { clock }),
        }),
        MessagingModule.forRoot({ service: 'playbooks', log: logSettings(config), lockKeys: lockAccounts }),
        BlueprintsModule.forRoot({ kinds: [playbookKind(kindParts), contents.kind] }),
      ],
      // Facts' first: `/v1/playbooks/controls` is none of a playbook of that name.
      controllers: [...factControllers, ...runControllers, ...actionControllers],
      providers: [...factProviders(), ...runProviders(config, kindParts), ...actionProviders(config, contents)],
    }
  }
}
