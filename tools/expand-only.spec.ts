import { describe, expect, it } from '@jest/globals'
import { markFault, refusedAmong } from './expand-only.ts'

const whys = async (...statements: string[]): Promise<string[]> =>
  (await refusedAmong(statements)).map(({ why }) => why)

describe('a migration that only expands', () => {
  it.each([
    'CREATE TABLE note (id integer PRIMARY KEY, said text NOT NULL UNIQUE)',
    'ALTER TABLE note ADD COLUMN said text',
    `ALTER TABLE note ADD said text NOT NULL DEFAULT ''`,
    'ALTER TABLE note ADD n bigint GENERATED ALWAYS AS IDENTITY NOT NULL',
    'ALTER TABLE note ALTER COLUMN said DROP NOT NULL',
    'ALTER TABLE note ALTER COLUMN said SET DEFAULT 1',
    'CREATE INDEX note_said ON note (said)',
    'UPDATE note SET said = old',
    `INSERT INTO note (id) SELECT id FROM page WHERE said = 'DROP TABLE page; -- not a statement'`,
  ])('may: %s', async (statement) => expect(await whys(statement)).toEqual([]))

  it.each([
    ['DROP TABLE note', 'drops something'],
    ['DROP INDEX note_said', 'drops something'],
    ['ALTER TABLE note DROP COLUMN said', 'drops a column'],
    ['ALTER TABLE note DROP said', 'drops a column'],
    ['ALTER TABLE note RENAME COLUMN said TO told', 'renames something'],
    ['ALTER TABLE note RENAME TO notes', 'renames something'],
    ['ALTER TABLE note ALTER COLUMN said TYPE json USING said::json', 'changes the type of a column'],
    ['alter table note alter said set not null', 'makes a column NOT NULL'],
    ['ALTER TABLE note ADD COLUMN said text NOT NULL', 'adds a column that is NOT NULL and has no default'],
    ['ALTER TABLE note ADD COLUMN said text UNIQUE', 'adds a column that must be unique'],
    ['ALTER TABLE note ALTER said DROP DEFAULT', 'drops a default'],
    ['ALTER TABLE note DROP CONSTRAINT said_once', 'drops a constraint, on which an ON CONFLICT may rely'],
    [
      `ALTER TABLE note ADD CONSTRAINT known CHECK (said IN ('a'))`,
      'adds a constraint, which may refuse what the release before writes',
    ],
    ['CREATE UNIQUE INDEX note_once ON note (said)', 'makes values unique that were not'],
    ['TRUNCATE note', 'empties a table'],
    ['DELETE FROM note WHERE said IS NULL', 'deletes rows'],
    ['DO $$ BEGIN DROP TABLE note; END $$', 'runs a DO block, which cannot be looked into'],
  ])('may not: %s', async (statement, why) => expect(await whys(statement)).toEqual([why]))

  it('may do what it likes with tables of its own making, and no other', async () => {
    const made = ['CREATE TABLE page (id integer)', 'CREATE UNIQUE INDEX page_id ON page (id)']
    expect(await whys(...made, 'ALTER TABLE page ALTER id SET NOT NULL')).toEqual([])
    expect(await whys(...made, 'ALTER TABLE note ALTER id SET NOT NULL')).toEqual(['makes a column NOT NULL'])
  })

  it('is refused for each thing that it takes away', async () => {
    expect(await whys('ALTER TABLE note DROP a, ADD b text NOT NULL; DROP TABLE page')).toEqual([
      'drops a column',
      'adds a column that is NOT NULL and has no default',
      'drops something',
    ])
  })
})

describe('a migration that takes something away', () => {
  const refused = [{ statement: 'DROP TABLE note', why: 'drops something' }]
  const earlier = ['KeepPages1795392000100']
  const fault = (more: object) => markFault({ name: 'DropNotes2', contracts: undefined, earlier, refused, ...more })

  it('must be marked', () => {
    expect(fault({})).toBe(
      'DropNotes2 drops something, and is not marked as the contract of an earlier expand: DROP TABLE note',
    )
  })

  it('must name a migration that came before', () => {
    expect(fault({ contracts: 'KeepPages1795392000100' })).toBeUndefined()
    expect(fault({ contracts: 'KeepBooks3' })).toBe('DropNotes2 contracts KeepBooks3, which is no migration before it')
  })

  it('must take something away where it is marked', () => {
    expect(fault({ refused: [] })).toBeUndefined()
    expect(fault({ contracts: 'KeepPages1795392000100', refused: [] })).toContain('takes nothing away')
  })
})
