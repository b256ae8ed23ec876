// `npm run build && node tools/blueprint-schemas.ts`: writes the JSON Schemas of deploy/blueprints/schemas anew from the code.
import { type KindOfBlueprint, publishedSchema } from '@banso/blueprints'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScorecardDocument } from '../services/health/src/domain/scorecard.ts'
import { JourneySpec } from '../services/journeys/src/domain/journey.ts'
import { playbookSchema } from '../services/playbooks/src/keep-playbooks/playbook-schema.ts'
import { ContentSpec } from '../services/playbooks/src/render-content/content.kind.ts'

export const folder = join(import.meta.dirname, '../deploy/blueprints/schemas')

export const kinds: readonly KindOfBlueprint[] = [
  { kind: 'Content', schema: ContentSpec },
  { kind: 'Scorecard', schema: ScorecardDocument },
  { kind: 'Journey', schema: JourneySpec },
  { kind: 'Playbook', schema: playbookSchema },
]

export const fileOf = (kind: string): string => join(folder, `${kind.toLowerCase()}.schema.json`)

if (import.meta.main) {
  mkdirSync(folder, { recursive: true })
  for (const kind of kinds) writeFileSync(fileOf(kind.kind), `${JSON.stringify(publishedSchema(kind), undefined, 2)}\n`)
}
