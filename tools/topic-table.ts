// `node --conditions=@banso/source tools/topic-table.ts`: writes the table of topics in libs/contracts/README.md anew from the code.
import { MIN_COMPACTION_LAG_MS, type TopicDeclaration, topicList } from '@banso/contracts'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const readme = join(import.meta.dirname, '../libs/contracts/README.md')

const BEGIN = '<!-- topics: made by tools/topic-table.ts -->'
const END = '<!-- /topics -->'
const DAY_MS = 24 * 3_600_000

const kept = (topic: TopicDeclaration): string => {
  if (topic.compacted) return `newest per key (others ≥ ${MIN_COMPACTION_LAG_MS / DAY_MS} days)`
  if (topic.trimmed) return 'until its owner trims it'
  return topic.retentionMs === null ? 'everything' : `${topic.retentionMs / DAY_MS} days`
}

const row = (topic: TopicDeclaration): string => {
  const types = topic.types.map((type) => `\`${type}\``).join('<br>')
  return `| ${topic.number} | \`${topic.name}\` | ${topic.key} | ${topic.partitions} | ${kept(topic)} | ${types} |`
}

/** The table as Markdown. */
export const topicTable = (): string =>
  ['| no. | topic | key | partitions | kept | event types |', '|---|---|---|---|---|---|', ...topicList.map(row)].join(
    '\n',
  )

/** The page with the table between its marks made anew. */
export const withTable = (page: string): string => {
  const begin = page.indexOf(BEGIN)
  const end = page.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`the page has no ${BEGIN} … ${END}`)
  return `${page.slice(0, begin + BEGIN.length)}\n\n${topicTable()}\n\n${page.slice(end)}`
}

if (import.meta.main) writeFileSync(readme, withTable(readFileSync(readme, 'utf8')))
