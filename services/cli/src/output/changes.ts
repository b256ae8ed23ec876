import { isObject, textAt } from '../json.ts'
import { cellText } from './table.ts'

const LONGEST = 60

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : cellText(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

/** A line per place of a document that changes: `~` another value, `+` new, `-` gone. */
export const changeLines = (changes: readonly unknown[]): string[] =>
  changes.filter(isObject).map((change) => {
    const pointer = textAt(change, 'pointer') || '/'
    const [from, to] = ['from' in change, 'to' in change]
    if (from && to) return `  ~ ${pointer}: ${short(change['from'])} → ${short(change['to'])}\n`
    return to ? `  + ${pointer}: ${short(change['to'])}\n` : `  - ${pointer}: ${short(change['from'])}\n`
  })
