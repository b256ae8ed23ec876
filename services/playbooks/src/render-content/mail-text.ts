import { LONGEST_RENDERED, TemplateFailedError } from './templates.ts'

/** A line of a header: without line breaks and other control characters, which would begin another header. */
export const headerLine = (text: string): string => {
  const line = text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  if (line === '' || line.length > LONGEST_SUBJECT) throw new TemplateFailedError()
  return line
}

/** Characters. */
const LONGEST_SUBJECT = 300

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')

// Linear: a URL ends at the first character that is none of these; a full stop after it belongs to the sentence.
const URLS = /https:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]*[\w\-~/#=&+]/g

const inline = (text: string): string => {
  let html = ''
  let from = 0
  for (const { 0: url, index } of text.matchAll(URLS)) {
    html += `${escaped(text.slice(from, index))}<a href="${escaped(url)}">${escaped(url)}</a>`
    from = index + url.length
  }
  return html + escaped(text.slice(from))
}

const ITEM = /^[-・] ?/

const blockOf = (block: string): string => {
  const lines = block.split('\n')
  if (lines.every((line) => ITEM.test(line)))
    return `<ul>\n${lines.map((line) => `<li>${inline(line.replace(ITEM, ''))}</li>`).join('\n')}\n</ul>`
  return `<p>${lines.map(inline).join('<br>\n')}</p>`
}

/** Line breaks of one kind, no more than one empty line, none at the ends; no other control characters but tabs. */
export const tidy = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .replaceAll(/[ \t]+\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()

/**
 * A plain text as simple HTML: paragraphs, lists of lines that begin with `-` or `・`, https links. All of the text is
 * escaped, the author's and the values', so that nothing in it becomes markup.
 */
export const htmlOf = (text: string, language: string): string => {
  const blocks = tidy(text).split('\n\n').map(blockOf).join('\n')
  const html = `<!doctype html>\n<html lang="${escaped(language)}">\n<body>\n${blocks}\n</body>\n</html>\n`
  if (html.length > 4 * LONGEST_RENDERED) throw new TemplateFailedError()
  return html
}
