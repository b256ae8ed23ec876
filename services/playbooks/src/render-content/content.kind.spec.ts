import { describe, expect, it } from '@jest/globals'
import { contentFaults } from './content.kind.ts'
import { Templates } from './templates.ts'

const templates = new Templates('UTC')

describe('faults of a content', () => {
  it('are said by part and language, with their place in the text', () => {
    const spec = { subject: { en: 'Hello', ja: '{{ acount }}' }, body: { en: 'a\n{% if %}', ja: 'はい' } }
    expect(contentFaults(templates, spec)).toEqual([
      expect.objectContaining({ pointer: '/spec/subject/ja', code: 'TEMPLATE_INVALID', line: 1, column: 4 }),
      expect.objectContaining({ pointer: '/spec/body/en', code: 'TEMPLATE_INVALID', line: 2 }),
    ])
  })

  it('are languages that the other part lacks', () => {
    expect(contentFaults(templates, { subject: { en: 'a' }, body: { ja: 'b' } })).toEqual([
      { pointer: '/spec/body', message: 'has no text in en, the other part has' },
      { pointer: '/spec/subject', message: 'has no text in ja, the other part has' },
    ])
  })
})
