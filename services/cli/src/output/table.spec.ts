import { describe, expect, it } from '@jest/globals'
import { renderTable } from './table.ts'

describe('a table', () => {
  it('aligns columns by what a terminal shows', () => {
    const rows = [
      { name: '株式会社', seats: 3 },
      { name: 'Acme', seats: null },
    ]
    const columns = [
      { title: 'name', of: 'name' },
      { title: 'seats', of: 'seats' },
    ]
    expect(renderTable(rows, columns)).toBe('NAME      SEATS\n株式会社  3\nAcme      -\n')
  })

  it('reads inner fields, and shows lists as JSON', () => {
    const columns = [
      { title: 'on', of: 'document.trigger.on' },
      { title: 'to', of: 'to' },
      { title: 'sum', of: () => 3 },
    ]
    expect(renderTable([{ document: { trigger: { on: 'x' } }, to: ['red'] }], columns)).toBe(
      'ON  TO       SUM\nx   ["red"]  3\n',
    )
  })

  it('lets no stored text rewrite the terminal', () => {
    expect(renderTable([{ name: 'a\u001b[2Jb\nc' }], [{ title: 'name', of: 'name' }])).toBe('NAME\na [2Jb c\n')
  })
})
