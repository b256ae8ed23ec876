import type { ContentSpec } from './content.kind.ts'
import { headerLine, htmlOf, tidy } from './mail-text.ts'
import type { TemplateContext, Templates } from './templates.ts'

/** A mail but for who gets it. */
export interface MailText {
  readonly language: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

/**
 * The language a mail is written in: the first of these that the content has; else the first that it has. `ja-JP` is
 * `ja`.
 */
export const languageOf = (content: ContentSpec, wanted: readonly unknown[]): string => {
  const languages = Object.keys(content.body)
  const spoken = wanted.flatMap((language) =>
    typeof language === 'string' ? [language.trim().toLowerCase().split(/[-_]/)[0] ?? ''] : [],
  )
  return spoken.find((language) => languages.includes(language)) ?? languages.toSorted()[0] ?? 'en'
}

/** TemplateFailedError when a template cannot be rendered, or gives no subject or no text. */
export const renderMail = (
  templates: Templates,
  content: ContentSpec,
  wanted: readonly unknown[],
  context: TemplateContext,
): MailText => {
  const language = languageOf(content, wanted)
  const subject = headerLine(templates.render('text', content.subject[language] ?? '', context))
  const text = tidy(templates.render('text', content.body[language] ?? '', context))
  return { language, subject, text, html: htmlOf(text, language) }
}
