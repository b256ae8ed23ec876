import type { Blueprints } from '@banso/blueprints'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { DataSource, EntityManager } from 'typeorm'
import { CONTENT_KIND, ContentSpec } from '../render-content/content.kind.ts'

export interface StoredContent {
  readonly version: number
  readonly spec: ContentSpec
}

// Read as they were stored: an action must not be tried for ever because its content no longer fits.
const STORED = { kind: CONTENT_KIND, schema: Type.Unknown() }
const specs = Compile(ContentSpec)

/** What mails and messages say: every version of it. */
export class Contents {
  constructor(
    private readonly source: DataSource,
    private readonly blueprints: Blueprints,
  ) {}

  /** A version of a content, the newest where none is named; null when there is none that is valid in this release. */
  async get(
    name: string,
    version: number | null,
    tx: EntityManager = this.source.manager,
  ): Promise<StoredContent | null> {
    const found = await this.blueprints.version(tx, STORED, name, version ?? undefined)
    return found !== undefined && specs.Check(found.spec) ? { version: found.version, spec: found.spec } : null
  }
}
