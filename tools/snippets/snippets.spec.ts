import { describe, expect, it } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pages, readPage, root, type Snippet, snippetsOf } from './snippets.ts'

/** Pictures and what a program prints; everything else is something that a reader may do. */
const NOT_FOR_DOING = new Set(['mermaid', 'text'])
const RUNNABLE = new Set(['sh', 'js'])

const faultOf = ({ language, mark }: Snippet): string | undefined => {
  if (NOT_FOR_DOING.has(language)) return undefined
  if (!mark) return 'has no mark: see tools/snippets/snippets.ts'
  if (mark.kind === 'run' && !RUNNABLE.has(language)) return `${language} cannot be run`
  if (mark.kind === 'file' && language !== 'yaml') return `${language} is no blueprint`
  if (mark.kind === 'elsewhere' && !existsSync(join(root, mark.spec))) return `there is no ${mark.spec}`
  return undefined
}

const faultsIn = (page: string, text: string): string[] =>
  snippetsOf(page, text).flatMap((snippet) => {
    const fault = faultOf(snippet)
    return fault === undefined ? [] : [`${page}:${snippet.line}: ${fault}`]
  })

/** GitHub's anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading))

const brokenLinks = (page: string, text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].flatMap(([link, path = '', anchor]) => {
    const target = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, target))) return [`${page}: ${link}`]
    return anchor === undefined || anchorsIn(readPage(target)).includes(anchor) ? [] : [`${page}: ${link}`]
  })

const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts
const missingScripts = (page: string, text: string): string[] =>
  [...text.matchAll(/npm run (?:--silent )?([\w-]+)/g)].flatMap(([, name = '']) =>
    name in scripts ? [] : [`${page}: npm run ${name}`],
  )

describe('the blocks of a page', () => {
  it('are found with the mark above them', () => {
    const text = '# A\n\n<!-- run; prints: x -->\n\n```sh\necho x\n```\n\ntext\n\n```js\nlet y\n```\n'
    expect(snippetsOf('a.md', text)).toEqual([
      { page: 'a.md', line: 5, language: 'sh', text: 'echo x', mark: { kind: 'run', prints: 'x', again: false } },
      { page: 'a.md', line: 11, language: 'js', text: 'let y', mark: undefined },
    ])
  })

  it('must be run, or say why not', () => {
    const blocks = ['```sh\nls\n```', '<!-- not run: no -->\n```sh\nls\n```', '<!-- run -->\n```yaml\na: 1\n```']
    const elsewhere = '<!-- run by: no/such.spec.ts -->\n```sh\nls\n```'
    expect(faultsIn('a.md', [...blocks, elsewhere, '```mermaid\n```'].join('\n\n'))).toEqual([
      'a.md:1: has no mark: see tools/snippets/snippets.ts',
      'a.md:6: has no mark: see tools/snippets/snippets.ts',
      'a.md:11: yaml cannot be run',
      'a.md:16: there is no no/such.spec.ts',
    ])
  })
})

describe('our pages', () => {
  it.each(pages())('%s: every block is run by a test, or says why not', (page) => {
    expect(faultsIn(page, readPage(page))).toEqual([])
  })

  it.each(pages())('%s: its links lead somewhere, and its npm scripts exist', (page) => {
    const text = readPage(page)
    expect([...brokenLinks(page, text), ...missingScripts(page, text)]).toEqual([])
  })
})
