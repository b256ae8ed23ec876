import type { ASTNode } from '@marcbachmann/cel-js'
import type { RE2JS } from 're2js'
import type { ConditionScope } from '../facts.ts'
import { limits } from '../limits.ts'
import { callProblem, isMacro } from '../vocabulary/calls.ts'
import { suggestion } from '../vocabulary/nearest.ts'
import { isRoot, pathText, resolve } from '../vocabulary/vocabulary.ts'
import type { FaultAt } from './faults.ts'
import { compilePattern } from './patterns.ts'
import { factPath, isOnePiece, operands, textLiteral, textLiterals } from './syntax.ts'
import type { Slot } from './reader.ts'

/** A part of the text that stands for a fact. */
export interface Reference {
  readonly start: number
  readonly end: number
  readonly slot: Slot
  /** `has(fact)` as a whole: true or false. */
  readonly whole: boolean
}

/** Where in the tree a node stands: names that macros bind, and whether it is inside of a macro. */
interface Place {
  readonly names: ReadonlySet<string>
  readonly inMacro: boolean
}

/** Walks a condition's syntax tree once: which facts and patterns it names, and what is wrong beyond types. */
export class Analysis {
  readonly faults: FaultAt[] = []
  readonly references: Reference[] = []
  readonly patterns = new Map<string, RE2JS>()
  readonly #source: string
  readonly #scope: ConditionScope
  #operations = 0

  constructor(source: string, scope: ConditionScope, tree: ASTNode) {
    this.#source = source
    this.#scope = scope
    this.#walk(tree, { names: new Set(), inMacro: false })
    if (this.#operations > limits.operations) {
      this.#fault(tree, `the condition has ${this.#operations} operations, at most ${limits.operations} are allowed`)
    }
  }

  #fault(node: ASTNode, message: string): void {
    this.faults.push({ message, offset: node.start })
  }

  #walk(node: ASTNode, place: Place): void {
    if (node.op === 'value') return
    this.#operations += 1
    const path = factPath(node, place.names)
    if (path !== undefined) {
      this.#reference(node, path, 'value')
      return
    }
    this.#operator(node, place)
  }

  #operator(node: ASTNode, place: Place): void {
    if (node.op === 'map') this.#fault(node, 'a condition cannot make a map')
    else if (node.op === 'call') this.#call(node, node.args, place)
    else if (node.op === 'rcall') this.#method(node, node.args, place)
    else if (node.op === '==' || node.op === '!=') this.#equality(node.args, place)
    else this.#all(operands(node), place)
    if (node.op === 'in') this.#choices(node.args[0], node.args[1], place)
  }

  #all(nodes: readonly ASTNode[], place: Place): void {
    for (const node of nodes) this.#walk(node, place)
  }

  #reference(node: ASTNode, path: readonly string[], how: Slot['how'], whole?: ASTNode): void {
    const resolved = resolve(path, this.#scope)
    if ('problem' in resolved) {
      this.#fault(node, resolved.problem)
      return
    }
    if (!isOnePiece(node, this.#source)) {
      this.#fault(node, `write ${pathText(path)} in one piece, without brackets around a part of it`)
    }
    const { start, end } = whole ?? node
    const slot = { path, text: pathText(path), entry: resolved.entry, how }
    this.references.push({ start, end, slot, whole: whole !== undefined })
  }

  /** `fact == null` asks whether it is known; anything else reads it. */
  #equality([left, right]: readonly [ASTNode, ASTNode], place: Place): void {
    for (const [side, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const path = factPath(side, place.names)
      if (path !== undefined && other.op === 'value' && other.args === null) {
        this.#operations += 1
        this.#reference(side, path, 'presence')
        return
      }
    }
    this.#all([left, right], place)
    this.#choices(left, right, place)
    this.#choices(right, left, place)
  }

  /** A fact that is one of a few texts cannot be compared with another text. */
  #choices(side: ASTNode, other: ASTNode, place: Place): void {
    const path = factPath(side, place.names)
    if (path === undefined) return
    const resolved = resolve(path, this.#scope)
    const values = 'entry' in resolved ? resolved.entry.values : undefined
    if (values === undefined) return
    for (const { node, text } of textLiterals(other)) {
      if (values.includes(text)) continue
      const what = `${pathText(path)} is never '${text}'${suggestion(text, values)}`
      this.#fault(node, `${what}: it is one of ${values.join(', ')}`)
    }
  }

  #call(node: ASTNode, [name, args]: readonly [string, readonly ASTNode[]], place: Place): void {
    if (!this.#allowed(node, name, false)) return
    const [first, second] = args
    const path = name === 'has' && first !== undefined ? factPath(first, place.names) : undefined
    if (path !== undefined && first !== undefined) {
      this.#reference(first, path, 'presence', node)
      return
    }
    if (name === 're' && second !== undefined) this.#pattern(second)
    this.#all(args, place)
  }

  #method(node: ASTNode, [name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]], place: Place): void {
    if (!this.#allowed(node, name, true)) return
    this.#walk(receiver, place)
    if (!isMacro(name)) {
      this.#all(args, place)
      return
    }
    if (place.inMacro) this.#fault(node, `${name} cannot stand inside of another exists, all, exists_one or filter`)
    const [variable, ...rest] = args
    if (variable?.op !== 'id') return
    this.#bound(variable, variable.args)
    this.#all(rest, { names: new Set([...place.names, variable.args]), inMacro: true })
  }

  #bound(node: ASTNode, name: string): void {
    if (name.startsWith('_')) this.#fault(node, `${name}: a name that begins with _ is reserved`)
    if (isRoot(name, this.#scope)) this.#fault(node, `${name} is a fact, choose another name for the element`)
  }

  #pattern(node: ASTNode): void {
    const pattern = textLiteral(node)
    if (pattern === undefined) {
      this.#fault(node, "the pattern of re(text, 'pattern') is written out, so that it is checked now")
      return
    }
    const result = compilePattern(pattern)
    if ('problem' in result) this.#fault(node, result.problem)
    else this.patterns.set(pattern, result.compiled)
  }

  #allowed(node: ASTNode, name: string, after: boolean): boolean {
    const problem = callProblem(name, after)
    if (problem !== undefined) this.#fault(node, problem)
    return problem === undefined
  }
}
