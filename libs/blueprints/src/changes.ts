import { canonical, pointerTo } from './canonical.ts'

/** What differs at one place of two documents. Without `from` it came, without `to` it went. */
export interface BlueprintChange {
  /** JSON pointer of the document. */
  readonly pointer: string
  readonly from?: unknown
  readonly to?: unknown
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The least places whose values differ, in the order of the newer document; places of a list are compared by position. */
export const changesBetween = (from: unknown, to: unknown, pointer = ''): BlueprintChange[] => {
  if (Array.isArray(from) && Array.isArray(to)) return changesOfLists(from, to, pointer)
  if (isObject(from) && isObject(to)) return changesOfObjects(from, to, pointer)
  return canonical(from) === canonical(to) ? [] : [{ pointer, from, to }]
}

const changesOfLists = (from: readonly unknown[], to: readonly unknown[], pointer: string): BlueprintChange[] => {
  const both = Math.min(from.length, to.length)
  return [
    ...to.slice(0, both).flatMap((item: unknown, at) => changesBetween(from[at], item, pointerTo(pointer, at))),
    ...to.slice(both).map((item: unknown, at) => ({ pointer: pointerTo(pointer, both + at), to: item })),
    ...from.slice(both).map((item: unknown, at) => ({ pointer: pointerTo(pointer, both + at), from: item })),
  ]
}

const changesOfObjects = (
  from: Readonly<Record<string, unknown>>,
  to: Readonly<Record<string, unknown>>,
  pointer: string,
): BlueprintChange[] => [
  ...Object.entries(to).flatMap(([key, value]) =>
    Object.hasOwn(from, key)
      ? changesBetween(from[key], value, pointerTo(pointer, key))
      : [{ pointer: pointerTo(pointer, key), to: value }],
  ),
  ...Object.entries(from)
    .filter(([key]) => !Object.hasOwn(to, key))
    .map(([key, value]) => ({ pointer: pointerTo(pointer, key), from: value })),
]
