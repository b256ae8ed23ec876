// The bodies of an OpenAPI document, and their examples.

export type Json = Record<string, unknown>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export interface Body {
  /** `get /v1/accounts 200 application/json` */
  readonly where: string
  /** JSON pointer within the document. */
  readonly pointer: string
  /** Whether it must have an example: what is taken, and what a success gives. */
  readonly isNeeded: boolean
  readonly examples: readonly unknown[]
}

const partsOf = (value: unknown, ...path: readonly string[]): [name: string, part: Json][] => {
  const at = path.reduce((inner: unknown, key) => (isObject(inner) ? inner[key] : undefined), value)
  return Object.entries(isObject(at) ? at : {}).flatMap(([name, part]) => (isObject(part) ? [[name, part]] : []))
}

const pointerOf = (...path: readonly string[]): string =>
  path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

const examplesOf = (media: Json): unknown[] =>
  'example' in media ? [media['example']] : partsOf(media, 'examples').map(([, { value }]) => value)

export const bodiesIn = (document: Json): Body[] =>
  partsOf(document, 'paths').flatMap(([path, item]) =>
    partsOf(item).flatMap(([method, operation]) => {
      const contents = [
        { within: ['requestBody'], what: 'takes', isNeeded: true },
        ...partsOf(operation, 'responses').map(([status]) => ({
          within: ['responses', status],
          what: status,
          isNeeded: status.startsWith('2'),
        })),
      ]
      return contents.flatMap(({ within, what, isNeeded }) =>
        partsOf(operation, ...within, 'content').map(([type, media]) => ({
          where: `${method} ${path} ${what} ${type}`,
          pointer: pointerOf('paths', path, method, ...within, 'content', type),
          isNeeded,
          examples: examplesOf(media),
        })),
      )
    }),
  )
