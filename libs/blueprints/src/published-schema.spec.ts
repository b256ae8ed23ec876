import { describe, expect, it } from '@jest/globals'
import Type from 'typebox'
import { publishedSchema } from './published-schema.ts'

describe('a published schema', () => {
  it('is of the whole document, with what refers to itself at the root', () => {
    const step = Type.Cyclic({ Step: Type.Object({ steps: Type.Array(Type.Ref('Step')) }) }, 'Step')
    expect(publishedSchema({ kind: 'Play', schema: Type.Object({ steps: Type.Array(step) }) })).toMatchObject({
      properties: {
        kind: { const: 'Play' },
        spec: { properties: { steps: { items: { $ref: '#/definitions/Step' } } } },
      },
      required: ['kind', 'name', 'spec'],
      additionalProperties: false,
      definitions: { Step: { type: 'object', properties: { steps: { items: { $ref: '#/definitions/Step' } } } } },
    })
  })

  it('has no definitions where nothing refers to itself', () => {
    expect(publishedSchema({ kind: 'Note', schema: Type.Object({}) })).not.toHaveProperty('definitions')
  })
})
