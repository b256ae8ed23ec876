import { limits } from '../limits.ts'

const LIMITS: Readonly<Record<string, string>> = {
  maxAstNodes: `the condition has more than ${limits.nodes} parts`,
  maxDepth: `the condition is nested deeper than ${limits.depth} brackets`,
  maxListElements: `a list has at most ${limits.list} elements`,
}

type Rule = readonly [pattern: RegExp, say: (...found: readonly string[]) => string]

const rules: readonly Rule[] = [
  [/^Exceeded (\w+)/, (limit = '') => LIMITS[limit] ?? `the condition exceeds ${limit}`],
  [
    /^no such overload: (\S.*) (==|!=|<=?|>=?|in|[-+*/%]) (\S.*)$/,
    (a, sign, b) => `${sign} does not take ${a} and ${b}`,
  ],
  [/^no such overload: ([-!])(.+)$/, (sign, type) => `${sign} does not take ${type}`],
  [/^found no matching overload for '(.+)'$/, (call) => `there is no ${call}`],
  [/^Unexpected character: '?=/, () => 'write == to compare'],
  [/^Unexpected token: EOF$/, () => 'the condition ends too early'],
]

/** CEL's own message in words for people: without its names for types that it infers and for limits. */
export const plain = (message: string): string => {
  const text = message.replaceAll(/dyn<([^<>]+)>/g, '$1')
  for (const [pattern, say] of rules) {
    const found = pattern.exec(text)
    if (found !== null) return say(...found.slice(1))
  }
  return text
}
