import { InstantText, pageSchema } from '@banso/platform'
import Type from 'typebox'

const Kind = Type.String({ examples: ['Playbook'] })
const Name = Type.String({ examples: ['first-call'] })
const Version = Type.Integer({ minimum: 1, examples: [2] })
const Spec = Type.Unknown({
  type: 'object',
  description: "By the kind's JSON Schema: `GET /v1/blueprint-schemas/{kind}`, or deploy/blueprints/schemas.",
  examples: [{}],
})
const Title = Type.Record(Type.String(), Type.String(), {
  description: 'By language.',
  examples: [{ en: 'First call' }],
})
const document = {
  kind: Kind,
  name: Name,
  title: Type.Optional(Title),
}

export const KindParameter = Type.String({
  description: '`Scorecard`, `Journey`, `Playbook` or `Content`; each is kept by one service.',
})
export const NameParameter = Type.String({ description: 'Small letters, digits and hyphens, at most 63.' })

export const BlueprintBody = Type.Object(
  { ...document, spec: Spec },
  { title: 'Blueprint', description: 'A document under version control. Kind and name are those of the path.' },
)

export const StoredBlueprintSchema = Type.Object(
  { ...document, spec: Spec, version: Version, appliedAt: InstantText },
  { title: 'StoredBlueprint', description: 'A version as it was applied, without what is secret in it.' },
)

export const BlueprintsSchema = pageSchema(
  Type.Object(
    { kind: Kind, name: Name, version: Type.With(Version, { description: 'The newest.' }), appliedAt: InstantText },
    { title: 'BlueprintEntry' },
  ),
)

export const BlueprintAnswerSchema = Type.Object(
  {
    kind: Kind,
    name: Name,
    version: Type.With(Version, { description: 'The newest after it; in a dry run what it would become.' }),
    change: Type.Union([Type.Literal('created'), Type.Literal('changed'), Type.Literal('unchanged')]),
    changes: Type.Array(
      Type.Object({
        pointer: Type.String({ examples: ['/spec/mode'] }),
        from: Type.Optional(Type.Unknown({ examples: ['observe'] })),
        to: Type.Optional(Type.Unknown({ examples: ['active'] })),
      }),
      {
        description:
          'What differs from the version before, by JSON pointer. Without `from` it came, without `to` it went.',
      },
    ),
    impact: Type.Array(Type.String(), {
      description: 'What the change does to what is there, a line each.',
      examples: [[]],
    }),
    secret: Type.Optional(
      Type.Unknown({
        description: "A webhook's new signing secret, shown here and never again.",
        examples: ['whsec_…'],
      }),
    ),
  },
  { title: 'BlueprintAnswer', description: 'What an apply did, or in a dry run would do.' },
)

export const JsonSchemaSchema = Type.Unsafe<object>({
  type: 'object',
  description: 'A JSON Schema (draft 7).',
  examples: [{ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }],
})
