import { Clock } from '@banso/platform'
import { type DynamicModule, Module } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ApplyBlueprints } from './apply-blueprints.ts'
import type { BlueprintKind } from './blueprint-kind.ts'
import { BlueprintsController } from './blueprints.controller.ts'
import { Blueprints } from './blueprints.ts'

export interface BlueprintsOptions {
  /** The kinds that this service owns. */
  readonly kinds: readonly BlueprintKind[]
}

/** The store of a service's blueprints and their API. Global; needs PlatformModule and the entities in the data source. */
@Module({})
export class BlueprintsModule {
  static forRoot({ kinds }: BlueprintsOptions): DynamicModule {
    return {
      module: BlueprintsModule,
      global: true,
      controllers: [BlueprintsController],
      providers: [
        { provide: Blueprints, useFactory: () => new Blueprints() },
        {
          provide: ApplyBlueprints,
          inject: [DataSource, Blueprints, Clock],
          useFactory: (source: DataSource, blueprints: Blueprints, clock: Clock) =>
            new ApplyBlueprints(kinds, source, blueprints, clock),
        },
      ],
      exports: [Blueprints, ApplyBlueprints],
    }
  }
}
