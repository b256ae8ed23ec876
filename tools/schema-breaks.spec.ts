import { describe, expect, it } from '@jest/globals'
import { breaksBetween, type JsonSchema, withoutAnnotations } from './schema-breaks.ts'

const text = { type: 'string', minLength: 1 }
const released: JsonSchema = {
  type: 'object',
  required: ['id', 'state', 'lines'],
  properties: {
    id: text,
    note: text,
    state: { anyOf: [{ const: 'open' }, { const: 'done' }] },
    lines: { type: 'array', items: { type: 'object', required: ['at'], properties: { at: text } } },
    owner: { anyOf: [{ type: 'object', required: ['name'], properties: { name: text } }, { type: 'null' }] },
  },
}
const properties = released['properties'] as Record<string, JsonSchema>
const withFields = (fields: Record<string, unknown>, more: JsonSchema = {}): JsonSchema => ({
  ...released,
  ...more,
  properties: { ...properties, ...fields },
})
const { note: _, ...withoutNote } = properties
const needs = (...required: string[]) => ({ required })

describe('a schema of a released version', () => {
  it.each<[string, JsonSchema]>([
    ['stays as it is', released],
    ['gains an optional field', withFields({ later: { type: 'number' } })],
    [
      'lists its fields and alternatives in another order',
      {
        properties: Object.fromEntries(Object.entries(properties).toReversed()),
        required: ['lines', 'id', 'state'],
        type: 'object',
      },
    ],
    [
      'gains an optional field inside of a list',
      withFields({
        lines: {
          type: 'array',
          items: { type: 'object', required: ['at'], properties: { at: text, by: text } },
        },
      }),
    ],
    [
      'gains an optional field inside of what may be null',
      withFields({
        owner: {
          anyOf: [{ type: 'null' }, { type: 'object', required: ['name'], properties: { name: text, id: text } }],
        },
      }),
    ],
  ])('may change so: %s', (_what, now) => {
    expect(breaksBetween(released, now)).toEqual([])
  })

  it.each<[string, JsonSchema, string, RegExp]>([
    ['a field is removed', { ...released, properties: withoutNote }, '/note', /is gone/],
    ['a field is renamed', { ...released, properties: { ...withoutNote, remark: text } }, '/note', /is gone/],
    [
      'a new field is required',
      withFields({ later: text }, needs('id', 'state', 'lines', 'later')),
      '/later',
      /optional/,
    ],
    [
      'an optional field becomes required',
      withFields({}, needs('id', 'state', 'lines', 'note')),
      '/note',
      /is required/,
    ],
    ['a required field becomes optional', withFields({}, needs('id', 'lines')), '/state', /was always there/],
    ['a type changes', withFields({ note: { type: 'number' } }), '/note', /`type` was "string" and is "number"/],
    ['a limit narrows', withFields({ id: { type: 'string', minLength: 5 } }), '/id', /`minLength` was 1 and is 5/],
    ['a limit comes', withFields({ id: { ...text, maxLength: 9 } }), '/id', /`maxLength` was absent and is 9/],
    ['a value is no longer taken', withFields({ state: { anyOf: [{ const: 'open' }] } }), '/state', /no longer .*done/],
    [
      'a value comes that readers do not know',
      withFields({
        state: { anyOf: [{ const: 'open' }, { const: 'done' }, { const: 'late' }] },
      }),
      '/state',
      /may be .*late/,
    ],
    ['unknown fields are refused', { ...released, additionalProperties: false }, '', /additionalProperties/],
    [
      'something inside of a list goes',
      withFields({
        lines: { type: 'array', items: { type: 'object', required: ['at'], properties: {} } },
      }),
      '/lines/*/at',
      /is gone/,
    ],
    [
      'what may be null loses a field',
      withFields({
        owner: { anyOf: [{ type: 'object', required: ['name'], properties: {} }, { type: 'null' }] },
      }),
      '/owner/name',
      /is gone/,
    ],
    ['a list becomes something else', withFields({ lines: { type: 'string' } }), '/lines', /items|type/],
  ])('breaks when %s', (_what, now, pointer, message) => {
    expect(breaksBetween(released, now)).toContainEqual({ pointer, message: expect.stringMatching(message) })
  })

  it('is compared without what is said to people, but with fields of such names', () => {
    const said = { type: 'object', title: 'A task', properties: { title: { ...text, description: 'Of the task.' } } }
    expect(withoutAnnotations(said)).toEqual({ type: 'object', properties: { title: text } })
  })
})
