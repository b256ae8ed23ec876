import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { readme, topicTable, withTable } from './topic-table.ts'

// The formatter aligns the columns of a table.
const unaligned = (page: string): string =>
  page
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/-{3,}/g, '---')
    .replaceAll(/\| ?--- ?/g, '|---')

describe('the table of topics', () => {
  it('in libs/contracts/README.md is what the code says (else: node --conditions=@banso/source tools/topic-table.ts)', () => {
    const page = readFileSync(readme, 'utf8')
    expect(unaligned(page)).toBe(unaligned(withTable(page)))
    expect(unaligned(page)).toContain(unaligned(topicTable()))
  })

  it('refuses a page without its marks', () => {
    expect(() => withTable('# A page')).toThrow('has no')
  })
})
