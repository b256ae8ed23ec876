import { Environment } from '@marcbachmann/cel-js'
import { limits } from '../limits.ts'

/** Why a condition cannot be evaluated on some facts, in words. */
export class Undecided extends Error {}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const DATE = /^(\d{4}-\d{2}-\d{2})(?:T.{0,30})?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

const dayNumber = (text: string): number => {
  const date = DATE.exec(text)?.[1]
  const at = date === undefined ? Number.NaN : Date.parse(`${date}T00:00:00Z`)
  // February 30 parses as March 2 in some engines and not at all in others
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) {
    throw new Undecided(`${shown(text)} is not a date (2026-01-31)`)
  }
  return at / DAY_MS
}

const instantMs = (text: string): number => {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new Undecided(`${shown(text)} is not an instant with a zone (2026-01-31T09:30:00Z)`)
  return at
}

type Arithmetic = (a: number, b: number) => number
const arithmetic: Readonly<Record<string, Arithmetic>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

const newEnvironment = (): Environment => {
  const environment = new Environment({
    limits: { maxAstNodes: limits.nodes, maxDepth: limits.depth, maxListElements: limits.list },
  })
  // Whole numbers meet measured ones all the time (`health.score == 40`): both are numbers to people.
  environment.registerOperator('int == double', (a: bigint, b: number) => Number(a) === b)
  for (const [sign, apply] of Object.entries(arithmetic)) {
    environment.registerOperator(`int ${sign} double: double`, (a: bigint, b: number) => apply(Number(a), b))
    environment.registerOperator(`double ${sign} int: double`, (a: number, b: bigint) => apply(a, Number(b)))
  }
  environment.registerFunction('daysBetween(string, string): int', (from: string, to: string) =>
    BigInt(dayNumber(to) - dayNumber(from)),
  )
  environment.registerFunction(
    'hoursBetween(string, string): double',
    (from: string, to: string) => (instantMs(to) - instantMs(from)) / HOUR_MS,
  )
  return environment
}

/** CEL with our functions; each condition registers its facts and its patterns in a clone of it. */
export const language = newEnvironment()
