// `node --conditions=@banso/source tools/condition-vocabulary.ts`: writes libs/conditions/VOCABULARY.md anew from the code.
import { type CallEntry, calls, type FactEntry, triggerFacts, vocabulary } from '@banso/conditions'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const page = join(import.meta.dirname, '../libs/conditions/VOCABULARY.md')

const cell = (text: string): string => text.replaceAll('|', '\\|')
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows].join('\n')

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const factCells = (path: string, fact: FactEntry): string[] => [
  `\`${path.replace('*', 'NAME')}\``,
  `\`${fact.type}\``,
  fact.nullable ? 'yes' : '',
  fact.values === undefined ? fact.en : `${fact.en}: ${code(fact.values)}`,
  fact.ja,
]

const head = ['fact', 'type', 'may be null', 'meaning', '意味']

const accountTable = (): string =>
  table(
    head,
    Object.entries(vocabulary.account).map(([path, fact]) => row(...factCells(path, fact))),
  )

const triggerTable = (): string => {
  const types = triggerFacts['trigger.type'].values
  const of = (fact: { readonly of: readonly string[] }): string =>
    fact.of.length === types.length ? 'all' : fact.of.join(', ')
  return table(
    [...head, 'types'],
    Object.entries(triggerFacts).map(([path, fact]) => row(...factCells(path, fact), of(fact))),
  )
}

const callRow = ({ form, type, en, ja }: CallEntry): string => row(`\`${form}\``, `\`${type}\``, en, ja)

/** The page as Markdown. */
export const vocabularyPage = (): string => `# Vocabulary of conditions

Made by \`tools/condition-vocabulary.ts\` from the code; how conditions are written is in \`README.md\`.
A fact that may be null leaves the condition undecided when it is compared and not known.
\`NAME\` stands for a name of your own: \`account.traits.plan\`, \`account.traits["plan name"]\`.

## Of an account

In every condition. すべての条件で使えます。

${accountTable()}

## Of a trigger

In conditions of a playbook's trigger; null where the trigger is of another type than those named last.
プレイブックのきっかけの条件でのみ使えます。

${triggerTable()}

## Functions

${table(['form', 'result', 'meaning', '意味'], Object.values(calls).map(callRow))}
`

if (import.meta.main) writeFileSync(page, vocabularyPage())
