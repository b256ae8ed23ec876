import type { ASTNode } from '@marcbachmann/cel-js'

/** The text of a string literal. */
export const textLiteral = (node: ASTNode): string | undefined =>
  node.op === 'value' && typeof node.args === 'string' ? node.args : undefined

/** String literals that a node is, or lists. */
export const textLiterals = (node: ASTNode): readonly { readonly node: ASTNode; readonly text: string }[] =>
  (node.op === 'list' ? node.args : [node]).flatMap((each) => {
    const text = textLiteral(each)
    return text === undefined ? [] : [{ node: each, text }]
  })

/** The path that a node spells (`a.b["c"]`), unless its root is a name that a macro binds. */
export const factPath = (node: ASTNode, bound: ReadonlySet<string>): readonly string[] | undefined => {
  if (node.op === 'id') return bound.has(node.args) ? undefined : [node.args]
  if (node.op !== '.' && node.op !== '[]') return undefined
  const [left, right] = node.args
  const name = typeof right === 'string' ? right : textLiteral(right)
  const path = name === undefined ? undefined : factPath(left, bound)
  return path === undefined || name === undefined ? undefined : [...path, name]
}

const SELECTED = /^\s*\.\s*\w+$/
const OPENED = /^\s*\[\s*$/
const CLOSED = /^\s*\]$/

/** Whether a path's text is the path and nothing else: no brackets or comments between its parts. */
export const isOnePiece = (node: ASTNode, source: string): boolean => {
  if (node.op === '.') {
    const [left] = node.args
    return SELECTED.test(source.slice(left.end, node.end)) && isOnePiece(left, source)
  }
  if (node.op === '[]') {
    const [left, index] = node.args
    const around = OPENED.test(source.slice(left.end, index.start)) && CLOSED.test(source.slice(index.end, node.end))
    return around && isOnePiece(left, source)
  }
  return true
}

/** Operands of a node that neither calls nor makes a map. */
export const operands = (node: Exclude<ASTNode, { readonly op: 'call' | 'rcall' | 'map' }>): readonly ASTNode[] => {
  if (node.op === 'value' || node.op === 'id') return []
  if (node.op === '.' || node.op === '.?') return [node.args[0]]
  if (node.op === '!_' || node.op === '-_') return [node.args]
  return node.args
}
