import type { ConditionScope } from '../facts.ts'
import { accountFacts } from './account-facts.ts'
import type { FactEntry } from './entry.ts'
import { suggestion } from './nearest.ts'
import { triggerFacts } from './trigger-facts.ts'

/** The facts that a condition of each scope may name, by path; `*` stands for any name. */
export const vocabulary: Readonly<Record<ConditionScope, Readonly<Record<string, FactEntry>>>> = {
  account: accountFacts,
  trigger: { ...accountFacts, ...triggerFacts },
}

interface Fact {
  readonly pattern: readonly string[]
  readonly entry: FactEntry
}

const factsOf = (scope: ConditionScope): readonly Fact[] =>
  Object.entries(vocabulary[scope]).map(([path, entry]) => ({ pattern: path.split('.'), entry }))

const facts: Readonly<Record<ConditionScope, readonly Fact[]>> = {
  account: factsOf('account'),
  trigger: factsOf('trigger'),
}

const IDENTIFIER = /^[A-Za-z_]\w*$/

/** A path as one writes it: `account.traits.plan`, `account.traits["plan name"]`. */
export const pathText = (path: readonly string[]): string => {
  const [root = '', ...rest] = path
  return root + rest.map((name) => (IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`)).join('')
}

const begins = (pattern: readonly string[], path: readonly string[]): boolean =>
  path.every((name, i) => pattern[i] === name || pattern[i] === '*')

const filled = (pattern: readonly string[], path: readonly string[]): string =>
  pathText(pattern.map((name, i) => (name === '*' ? (path[i] ?? 'NAME') : name)))

const unknown = (path: readonly string[], scope: ConditionScope): string => {
  const text = pathText(path)
  if (scope === 'account' && path[0] === 'trigger') {
    return `${text}: facts of a trigger are known only to conditions of a playbook's trigger`
  }
  const known = facts[scope].map(({ pattern }) => filled(pattern, path))
  return `${text} is not a fact${suggestion(text, known)}`
}

/** What a path means in a scope: a fact, or why it is none. Inside of a trait any path goes: traits are any JSON. */
export const resolve = (
  path: readonly string[],
  scope: ConditionScope,
): { readonly entry: FactEntry } | { readonly problem: string } => {
  const below = facts[scope].filter(({ pattern }) => pattern.length >= path.length && begins(pattern, path))
  const exact = below.find(({ pattern }) => pattern.length === path.length)
  if (exact !== undefined) return { entry: exact.entry }
  if (below.length > 0) {
    const names = below.map(({ pattern }) => filled(pattern, path)).join(', ')
    return { problem: `${pathText(path)} is a group of facts, name one of them: ${names}` }
  }
  const above = facts[scope].find(
    ({ pattern, entry }) => !entry.type.startsWith('map') && begins(pattern, path.slice(0, pattern.length)),
  )
  if (above === undefined) return { problem: unknown(path, scope) }
  if (above.entry.type === 'dyn') return { entry: above.entry }
  return { problem: `${filled(above.pattern, path)} is a ${above.entry.type}, it has no parts` }
}

/** Whether a scope's facts begin with this name. */
export const isRoot = (name: string, scope: ConditionScope): boolean =>
  facts[scope].some(({ pattern }) => pattern[0] === name)
