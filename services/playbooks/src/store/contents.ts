import { Blueprints, type BlueprintKind } from '@banso/blueprints'
import type { DataSource, EntityManager } from 'typeorm'
import type { ContentSpec } from '../render-content/content.kind.ts'

export interface StoredContent {
  readonly version: number
  readonly spec: ContentSpec
}

/** What mails and messages say: every version of it. */
export class Contents {
  constructor(
    private readonly source: DataSource,
    private readonly blueprints: Blueprints,
    private readonly kind: BlueprintKind<typeof ContentSpec>,
  ) {}

  /** A version of a content, the newest where none is named; null when there is none. */
  async get(
    name: string,
    version: number | null,
    tx: EntityManager = this.source.manager,
  ): Promise<StoredContent | null> {
    return (await this.blueprints.version(tx, this.kind, name, version ?? undefined)) ?? null
  }
}
