import { describe, expect, it } from '@jest/globals'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bansoCommands, faultInCommand } from './banso-commands.ts'
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

describe('the banso commands of a page', () => {
  it('are found in its text, over the end of a line, and in its blocks', () => {
    const text =
      'See `npx banso status`, `banso dead\nlist health`, `banso`.\n\n```sh\nnpx banso plan x | head # a plan\n' +
      'docker compose run --rm -v ./a:/a banso apply /a\n```\n\n```yaml\nbanso: 1\n```\n'
    expect(bansoCommands(text)).toEqual(['plan x', 'apply /a', 'status', 'dead list health'])
  })

  it.each([
    ['statuses', 'banso has no statuses'],
    ['dead lists', 'banso dead has no lists'],
    ['dead list helth', 'banso dead list: helth is none of ingestion, accounts, health, journeys, playbooks'],
    ['dead list health --max 3', 'banso dead list has no --max'],
    ['dead list health now', 'banso dead list takes no now'],
    ['resume health --at middle', '--at: middle is none of progress, start, end'],
    ['resume health --at', '--at wants a value'],
  ])('banso %s is refused', (line, fault) => expect(faultInCommand(line)).toBe(fault))

  it.each(['dead list <service>', 'resume $service --at …', 'quarantine redrive a b --json', "keys create 'my app'"])(
    'banso %s is taken',
    (line) => expect(faultInCommand(line)).toBeUndefined(),
  )
})

const allPages = globSync('**/*.md', { cwd: root, exclude: ['**/node_modules/**'] }).toSorted()

describe('our pages', () => {
  it('name commands of banso that there are', () => {
    const named = allPages.map((page) => ({ page, lines: bansoCommands(readPage(page)) }))
    expect(named.reduce((sum, { lines }) => sum + lines.length, 0)).toBeGreaterThan(100)
    const faults = named.flatMap(({ page, lines }) =>
      lines.flatMap((line) => {
        const fault = faultInCommand(line)
        return fault === undefined ? [] : [`${page}: banso ${line}: ${fault}`]
      }),
    )
    expect(faults).toEqual([])
  })

  it.each(pages())('%s: every block is run by a test, or says why not', (page) => {
    expect(faultsIn(page, readPage(page))).toEqual([])
  })

  it.each(pages())('%s: its links lead somewhere, and its npm scripts exist', (page) => {
    const text = readPage(page)
    expect([...brokenLinks(page, text), ...missingScripts(page, text)]).toEqual([])
  })
})
