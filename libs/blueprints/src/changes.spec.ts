import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { canonical } from './canonical.ts'
import { type BlueprintChange, changesBetween } from './changes.ts'

const json = fc.jsonValue({ maxDepth: 3 })

type Container = Record<string, unknown>

/** The document after the changes: what went is taken from the end of its list, so that positions stay true. */
const afterwards = (document: unknown, changes: readonly BlueprintChange[]): unknown => {
  const root: Container = { '': structuredClone(document) }
  const gone = changes.filter((change) => !('to' in change)).toReversed()
  for (const change of [...changes.filter((one) => 'to' in one), ...gone]) {
    const parts = change.pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = parts.pop() ?? ''
    const parent = parts.reduce((inner, part) => inner[part] as Container, root)
    if ('to' in change) parent[last] = change.to
    else if (Array.isArray(parent)) parent.splice(Number(last), 1)
    else delete parent[last]
  }
  return root['']
}

describe('the changes between two documents', () => {
  it('are none exactly when nothing differs but the order of keys', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(changesBetween(from, to).length === 0).toBe(canonical(from) === canonical(to))
      }),
    )
    expect(changesBetween({ a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 })).toEqual([])
  })

  it('make the one of the other', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        fc.pre(!canonical([from, to]).includes('__proto__'))
        expect(canonical(afterwards(from, changesBetween(from, to)))).toBe(canonical(to))
      }),
    )
  })

  it('name the least places', () => {
    const from = { spec: { bounds: { red: 40, green: 65 }, list: ['a', 'b', 'c'] } }
    const to = { spec: { bounds: { red: 35, green: 65, 'x/y': 1 }, list: ['a', 'x'] } }
    expect(changesBetween(from, to)).toEqual([
      { pointer: '/spec/bounds/red', from: 40, to: 35 },
      { pointer: '/spec/bounds/x~1y', to: 1 },
      { pointer: '/spec/list/1', from: 'b', to: 'x' },
      { pointer: '/spec/list/2', from: 'c' },
    ])
  })
})
