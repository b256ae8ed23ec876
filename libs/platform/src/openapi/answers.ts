// Schemas that the answers of several services have in common.
import Type, { type TSchema } from 'typebox'

/** Or null. */
export const OrNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

/** A page of a list, as `pageOf` makes it. */
export const pageSchema = <Item extends TSchema>(item: Item) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.With(OrNull(Type.String()), {
      description: 'Cursor of the next page; null on the last one.',
      examples: [null],
    }),
  })

/** An instant, as JSON carries a `Date`. */
export const InstantText = Type.String({ format: 'date-time', examples: ['2026-01-15T01:40:12.900Z'] })

export const ProblemSchema = Type.Object(
  {
    type: Type.Literal('about:blank'),
    title: Type.String({ description: 'What the status is called.' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'For people.' }),
    code: Type.String({ description: 'What programs compare.' }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'JSON pointer of the input.' }),
          message: Type.String(),
          code: Type.Optional(Type.String()),
          line: Type.Optional(Type.Integer({ description: 'Within the text that `pointer` names, from 1.' })),
          column: Type.Optional(Type.Integer()),
          missing: Type.Optional(Type.Object({ kind: Type.String(), name: Type.String() })),
        }),
        { description: 'Every fault of the input.' },
      ),
    ),
  },
  { title: 'Problem', description: 'An answer that is no success, by RFC 9457.' },
)
