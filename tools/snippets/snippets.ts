// The fenced blocks of our pages, and what the HTML comment above each says of it:
//   <!-- run -->                              it ends well
//   <!-- run; prints: text -->                and prints this
//   <!-- run until it prints: text -->        again, for a while, until it does
//   <!-- run as: folder/file.yaml -->         it is this file, and `banso plan` finds no fault in it
//   <!-- run by: folder/some.spec.ts -->      another test runs it
//   <!-- not run: reason -->
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Mark =
  | { readonly kind: 'run'; readonly prints?: string; readonly again: boolean }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'elsewhere'; readonly spec: string }
  | { readonly kind: 'not'; readonly reason: string }

export interface Snippet {
  readonly page: string
  /** Of the fence, from 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  readonly mark: Mark | undefined
}

export const root = join(import.meta.dirname, '../..')

/** In the order in which they are read, and run. */
export const pages = (): string[] => [
  'README.md',
  'SECURITY.md',
  ...globSync('docs/**/*.md', { cwd: root }).toSorted(),
  'deploy/blueprints/README.md',
  'deploy/zendesk/README.md',
]

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8')

const FORMS: readonly (readonly [RegExp, (text: string) => Mark])[] = [
  [/^run$/, () => ({ kind: 'run', again: false })],
  [/^run; prints: (.+)$/, (prints) => ({ kind: 'run', prints, again: false })],
  [/^run until it prints: (.+)$/, (prints) => ({ kind: 'run', prints, again: true })],
  [/^run as: ([\w./-]+\.yaml)$/, (path) => ({ kind: 'file', path })],
  [/^run by: ([\w./-]+\.spec\.ts)$/, (spec) => ({ kind: 'elsewhere', spec })],
  [/^not run: (.{10,})$/, (reason) => ({ kind: 'not', reason })],
]

const markIn = (line: string): Mark | undefined => {
  const words = /^<!-- (.*) -->$/.exec(line.trim())?.[1]
  if (words === undefined) return undefined
  for (const [form, markOf] of FORMS) {
    const found = form.exec(words)
    if (found) return markOf(found[1] ?? '')
  }
  return undefined
}

/** Every fenced block of a page; the mark of a block is the last line above it that is not empty. */
export const snippetsOf = (page: string, text: string): Snippet[] => {
  const found: Snippet[] = []
  let above = ''
  let open:
    | { readonly fence: string; readonly language: string; readonly line: number; readonly from: number }
    | undefined
  const lines = text.split('\n')
  for (const [at, line] of lines.entries()) {
    const [, indent = '', fence, language = ''] = /^(\s*)(`{3,})(\w*)/.exec(line) ?? []
    if (open && fence === open.fence) {
      const body = lines.slice(open.from, at).map((one) => one.slice(Math.min(indent.length, one.search(/\S|$/))))
      found.push({ page, line: open.line, language: open.language, text: body.join('\n'), mark: markIn(above) })
      open = undefined
      above = ''
    } else if (!open && fence !== undefined) open = { fence, language, line: at + 1, from: at + 1 }
    else if (!open && line.trim() !== '') above = line
  }
  return found
}
