import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'

const Names = Type.Array(Type.String(), { examples: [[]] })

const UnansweredSchema = Type.Object(
  { fault: Type.String({ examples: ['no answer within 10 s'] }) },
  { title: 'Unanswered', description: 'Why a store could not be asked.' },
)

const database = {
  database: Type.String({ examples: ['banso_health'] }),
  role: Type.String({ examples: ['banso_health'] }),
  version: Type.String({ description: 'Of the server.', examples: ['18.4'] }),
  clockAheadMs: Type.Object(
    { least: Type.Number({ examples: [-2] }), most: Type.Number({ examples: [3] }) },
    { description: "How far the server's clock is ahead of the service's: between these, in milliseconds." },
  ),
  superuser: Type.Boolean(),
  mayCreate: Type.Boolean({ description: 'Whether it may make tables, which migrations do.', examples: [true] }),
  foreignTables: Type.With(Names, { description: "Tables of its schema that are another role's." }),
  reachable: Type.With(Names, { description: 'Further databases of the server that it may connect to.' }),
}

const DatabaseSchema = Type.Object(
  {
    ...database,
    migrations: Type.Object({
      pending: Type.With(Names, { description: 'The code has them, the database does not.' }),
      unknown: Type.With(Names, { description: 'The database has them, the code does not: it is older.' }),
    }),
  },
  { title: 'DatabaseFacts' },
)

const LogSchema = Type.Object(
  {
    kind: Type.Union([Type.Literal('embedded'), Type.Literal('kafka')]),
    id: Type.String({ examples: ['Qm3kXv0YTJ-2mZ8sC1yEwA'] }),
    version: OrNull(Type.String({ description: 'Of the server.', examples: ['4.1'] })),
    database: Type.With(OrNull(Type.Object(database)), { description: 'Of the embedded log alone.' }),
    topics: Type.Array(
      Type.Object({
        topic: Type.String({ examples: ['health.scores.v1'] }),
        differences: Type.Array(Type.String(), { examples: [['partitions is 2, declared is 16']] }),
      }),
      { description: 'Those that this service writes and that are not as declared.', examples: [[]] },
    ),
  },
  { title: 'LogFacts' },
)

export const CheckupSchema = Type.Object(
  {
    service: Type.String({ examples: ['health'] }),
    version: Type.String({ description: 'Of the code that runs.', examples: ['0.1.0'] }),
    now: Type.With(InstantText, { description: 'What the service takes for the present time.' }),
    database: Type.Union([DatabaseSchema, UnansweredSchema]),
    log: Type.Union([LogSchema, UnansweredSchema]),
  },
  { title: 'Checkup', description: 'What a service finds of its own stores.' },
)
