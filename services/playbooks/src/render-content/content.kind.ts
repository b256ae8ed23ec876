import { blueprintKind, type BlueprintFault, type SpecOf } from '@banso/blueprints'
import Type from 'typebox'
import type { Templates } from './templates.ts'

const LANGUAGE = '^[a-z]{2,3}$'

const byLanguage = (longest: number) =>
  Type.Record(Type.String({ pattern: LANGUAGE }), Type.String({ minLength: 1, maxLength: longest }), {
    minProperties: 1,
    description: 'Liquid by language (ISO 639: en, ja)',
  })

export const CONTENT_KIND = 'Content'

/** What a mail says. `body` is plain text: paragraphs parted by an empty line, lists of lines that begin with `-`. */
export const ContentSpec = Type.Object(
  { subject: byLanguage(500), body: byLanguage(20_000) },
  { additionalProperties: false },
)
export type ContentSpec = SpecOf<typeof ContentSpec>

/** The kind `Content`: subject and body of mails, in each language that it is written in. */
export const contentKind = (templates: Templates) =>
  blueprintKind({
    kind: CONTENT_KIND,
    schema: ContentSpec,
    check: ({ spec }) => contentFaults(templates, spec),
  })

/** Faults of its templates, and texts that one part has in a language and the other has not. */
export const contentFaults = (templates: Templates, spec: ContentSpec): BlueprintFault[] => [
  ...templateFaults(templates, spec),
  ...languageFaults(spec),
]

const templateFaults = (templates: Templates, { subject, body }: ContentSpec): BlueprintFault[] =>
  Object.entries({ subject, body }).flatMap(([part, texts]) =>
    Object.entries(texts).flatMap(([language, source]) =>
      templates
        .faults('text', source)
        .map((fault) => ({ pointer: `/spec/${part}/${language}`, code: 'TEMPLATE_INVALID', ...fault })),
    ),
  )

const languageFaults = ({ subject, body }: ContentSpec): BlueprintFault[] => [
  ...missingIn('body', Object.keys(subject), body),
  ...missingIn('subject', Object.keys(body), subject),
]

const missingIn = (part: string, languages: readonly string[], texts: Readonly<Record<string, string>>) =>
  languages
    .filter((language) => !Object.hasOwn(texts, language))
    .map((language) => ({ pointer: `/spec/${part}`, message: `has no text in ${language}, the other part has` }))
