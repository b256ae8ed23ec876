import { describe, expect, it } from '@jest/globals'
import { type BlueprintDocument, documentsIn, doubled, faultLine, inOrder } from './documents.ts'

const lines = (...all: string[]): string => all.join('\n')

const only = (text: string): BlueprintDocument => {
  const { documents, faults } = documentsIn('x.yaml', text)
  expect(faults).toEqual([])
  const [document] = documents
  if (document === undefined || documents.length > 1) throw new Error(`${documents.length} documents`)
  return document
}

const faultsIn = (text: string): string[] => documentsIn('x.yaml', text).faults.map(faultLine)

describe('the documents of a file', () => {
  it('are as many as it has, empty ones left out', () => {
    const text = lines(
      '# yaml-language-server: $schema=x',
      'kind: Content',
      'name: a',
      '---',
      '',
      '---',
      'kind: Journey',
      'name: b',
    )
    const { documents } = documentsIn('x.yaml', text)
    expect(documents.map(({ kind, name, body }) => ({ kind, name, body }))).toEqual([
      { kind: 'Content', name: 'a', body: { kind: 'Content', name: 'a' } },
      { kind: 'Journey', name: 'b', body: { kind: 'Journey', name: 'b' } },
    ])
  })

  it('may be JSON, with tabs', () => {
    expect(only('{\n\t"kind": "Content",\n\t"name": "a",\n\t"spec": {"n": [1,\t2]}\n}').body['spec']).toEqual({
      n: [1, 2],
    })
  })

  it('come in the order in which they are applied', () => {
    const text = ['Playbook', 'Journey', 'Content', 'Scorecard'].map((kind) => `kind: ${kind}\nname: a`).join('\n---\n')
    const { documents } = documentsIn('x.yaml', text)
    expect(inOrder(documents).map(({ kind }) => kind)).toEqual(['Content', 'Scorecard', 'Journey', 'Playbook'])
  })
})

describe('a file with faults', () => {
  it.each([
    ['an unclosed bracket', lines('kind: Content', 'name: a', 'spec: [1, 2', 'x: 1'), /^x\.yaml:4:1: /],
    ['a key that stands twice', lines('kind: Content', 'name: a', 'name: b'), /^x\.yaml:3:1: .*unique/],
    ['an unknown tag', lines('kind: !!js/function a', 'name: a'), /^x\.yaml:1:7: /],
    ['no kind', lines('name: a'), /^x\.yaml:1:1: kind must be one of Content, Scorecard, Journey, Playbook \(\/kind\)/],
    ['an unknown kind', lines('', 'kind: Scorecards', 'name: a'), /^x\.yaml:2:7: kind must be/],
    ['a name that is none', lines('kind: Content', 'name: A b'), /^x\.yaml:2:7: name must be/],
    ['no mapping', '- 1', /^x\.yaml:1:1: a document is a mapping/],
    [
      'aliases without end',
      lines(
        'a: &a [1,1,1,1,1,1,1,1,1,1]',
        ...'bcdef'.split('').map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcde'[at]}`).join()}]`),
      ),
      /alias/,
    ],
  ])('says where: %s', (_, text, expected) => {
    expect(faultsIn(text)).toHaveLength(1)
    expect(faultsIn(text)[0]).toMatch(expected)
  })

  it('still gives the documents that have none', () => {
    const { documents, faults } = documentsIn('x.yaml', lines('kind: Content', 'name: a', '---', 'kind: Nothing'))
    expect([documents.length, faults.length]).toEqual([1, 1])
  })
})

describe('the place of a pointer', () => {
  const document = only(
    lines(
      'kind: Playbook', // 1
      'name: a', // 2
      'spec:', // 3
      '  steps:', // 4
      '    - kind: wait', // 5
      '      days: 3', // 6
      '    - kind: branch', // 7
      '      a/b: {c: [1, 2]}', // 8
    ),
  )
  it.each([
    ['/spec/steps/0/days', 6, 13],
    ['/spec/steps/1/a~1b/c/1', 8, 20],
    ['/spec/steps', 4, 3],
    ['/spec/steps/1', 7, 7],
    ['/spec/steps/0/missing', 5, 7],
    ['/nothing', 1, 1],
    ['', 1, 1],
  ])('%s', (pointer, line, column) => {
    expect(document.placeOf(pointer)).toEqual({ line, column })
  })
})

const condition = (...written: string[]): BlueprintDocument =>
  only(lines('kind: Playbook', 'name: a', 'spec:', ...written, '  after: 1'))

describe('the place within a text', () => {
  it.each([
    [
      'literal',
      ['  when: |', '    health.score < 40 &&', '    nonsense > 1'],
      { line: 2, column: 1 },
      { line: 6, column: 5 },
    ],
    [
      'literal, deeper and after a blank line',
      ['  when: |-', '    a &&', '', '      b'],
      { line: 3, column: 3 },
      { line: 7, column: 7 },
    ],
    [
      'literal of given indentation',
      ['  when: |2', '      a &&', '      b'],
      { line: 2, column: 3 },
      { line: 6, column: 7 },
    ],
    ['folded', ['  when: >-', '    one &&', '    two'], { line: 1, column: 8 }, { line: 6, column: 5 }],
    [
      'folded, the same word twice',
      ['  when: >-', '    a', '    a', '    a'],
      { line: 1, column: 5 },
      { line: 7, column: 5 },
    ],
    ['plain', ['  when: one two'], { line: 1, column: 5 }, { line: 4, column: 13 }],
    ['plain over lines', ['  when: one', '    two'], { line: 1, column: 6 }, { line: 5, column: 6 }],
    ['quoted', [`  when: 'one two'`], { line: 1, column: 5 }, { line: 4, column: 14 }],
    ['escaped', [String.raw`  when: "a \"b\" c"`], { line: 1, column: 5 }, { line: 4, column: 9 }],
  ])('%s', (_, written, within, expected) => {
    expect(condition(...written).placeOf('/spec/when', within)).toEqual(expected)
  })

  it('is that of the value where it is no text', () => {
    expect(condition('  when: 7').placeOf('/spec/when', { line: 1, column: 3 })).toEqual({ line: 4, column: 9 })
  })
})

describe('documents of one kind and name', () => {
  it('are told, with the place of the first', () => {
    const first = only('kind: Content\nname: a')
    const second = documentsIn('y.yaml', 'kind: Content\n\nname: a').documents
    expect(doubled([first, ...second]).map(faultLine)).toEqual(['y.yaml:3:7: Content a stands in x.yaml:2 too (/name)'])
    expect(doubled([first, only('kind: Journey\nname: a')])).toEqual([])
  })
})
