// Where in a YAML text a fault is that is known by its JSON pointer, and perhaps by its line within a longer text.
import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node, type Scalar } from 'yaml'

/** Both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

export interface ParsedText {
  readonly text: string
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

interface Found {
  /** Where a person looks for it: the key of what is written below it, else the value itself. */
  readonly offset: number
  readonly node: Node | null
}

const placeAt = (lines: LineCounter, offset: number): Place => {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

const startOf = (node: Node | null | undefined): number | undefined => node?.range?.[0]

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'range' in value

/** One step deeper; undefined where there is nothing of that name. */
const stepInto = (node: Node | null, part: string): Found | undefined => {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part)
    if (pair === undefined || !isScalar(pair.key)) return undefined
    const value = isNode(pair.value) ? pair.value : null
    const offset = isScalar(value) && value.value !== null ? startOf(value) : startOf(pair.key)
    return { node: value, offset: offset ?? 0 }
  }
  if (!isSeq(node)) return undefined
  const item = node.items[Number(part)]
  return isNode(item) ? { node: item, offset: startOf(item) ?? 0 } : undefined
}

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))

/** The node at a pointer, or the nearest one above it that is there. */
const find = ({ document }: ParsedText, pointer: string): Found => {
  let found: Found = { node: document.contents, offset: startOf(document.contents) ?? document.range[0] }
  for (const part of partsOf(pointer)) {
    const next = stepInto(found.node, part)
    if (next === undefined) return found
    found = next
  }
  return found
}

/** How far from its beginning a place in a text is. */
const offsetIn = (text: string, { line, column }: Place): number => {
  const before = text.split('\n').slice(0, line - 1)
  return before.reduce((length, one) => length + one.length + 1, 0) + column - 1
}

/**
 * The offset in the file of an offset in a scalar's text. Each of the scalar's lines is looked for in its text, so that
 * it holds for literal, folded, plain and quoted scalars; behind an escape sequence it is as near as the line's beginning.
 */
const offsetInFile = (text: string, scalar: Scalar, value: string, wanted: number): number => {
  const [start, end] = scalar.range ?? [0, 0]
  let best: { readonly value: number; readonly file: number } | undefined
  let cursor = 0
  let lineStart = start
  for (const raw of text.slice(start, end).split('\n')) {
    const line = raw.trim().replace(/^["']|["']$/g, '')
    const at = line === '' ? -1 : value.indexOf(line, cursor)
    if (at >= 0 && at <= wanted) best = { value: at, file: lineStart + raw.indexOf(line) }
    if (at >= 0) cursor = at + line.length
    lineStart += raw.length + 1
  }
  return best === undefined ? start : best.file + wanted - best.value
}

/** `within`: the place inside the text that the pointer names. */
export const placeOf = (parsed: ParsedText, pointer: string, within?: Place): Place => {
  const { node, offset } = find(parsed, pointer)
  if (within === undefined || !isScalar(node) || typeof node.value !== 'string') return placeAt(parsed.lines, offset)
  const inside = offsetInFile(parsed.text, node, node.value, offsetIn(node.value, within))
  return placeAt(parsed.lines, Math.min(inside, parsed.text.length))
}
