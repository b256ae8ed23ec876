import Type from 'typebox'

export const LiveSchema = Type.Object({ status: Type.Literal('ok') })

const Checks = Type.Record(
  Type.String(),
  Type.Object({
    status: Type.Union([Type.Literal('up'), Type.Literal('down')]),
    reason: Type.Optional(Type.String()),
  }),
  { examples: [{ database: { status: 'up' } }] },
)

export const ReadySchema = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('error'), Type.Literal('shutting_down')]),
    info: Type.Optional(Checks),
    error: Type.Optional(Type.With(Checks, { examples: [{}] })),
    details: Checks,
  },
  { title: 'Readiness', description: 'The state of each check by name.' },
)
