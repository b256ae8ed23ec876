// The documents in files: YAML, of which JSON is a part; several in one file, apart by `---`.
import { type Document, LineCounter, parseAllDocuments } from 'yaml'
import { isObject, type JsonObject } from '../json.ts'
import { type ParsedText, type Place, placeOf } from './place.ts'

/** In the order in which they are applied: what others name comes first. */
export const kinds = ['Content', 'Scorecard', 'Journey', 'Playbook'] as const
export type Kind = (typeof kinds)[number]

/** Something wrong in a file. */
export interface FileFault extends Place {
  readonly file: string
  readonly message: string
  /** JSON pointer within its document; left out where there is no document yet. */
  readonly pointer?: string
  readonly code?: string
}

/** As compilers write it, so that editors find the place. */
export const faultLine = ({ file, line, column, message, pointer }: FileFault): string =>
  `${file}:${line}:${column}: ${message}${pointer ? ` (${pointer})` : ''}`

export interface BlueprintDocument {
  /** As it was named on the command line. */
  readonly file: string
  readonly kind: Kind
  readonly name: string
  /** The whole document. */
  readonly body: JsonObject
  readonly placeOf: (pointer: string, within?: Place) => Place
}

export interface Documents {
  readonly documents: readonly BlueprintDocument[]
  readonly faults: readonly FileFault[]
}

const isKind = (value: unknown): value is Kind => kinds.some((kind) => kind === value)

/** All documents of a file's text; those with a fault are told and left out. */
export const documentsIn = (file: string, text: string): Documents => {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  const all = parsed.map((document) => documentFrom(file, { text, document, lines }))
  return { documents: all.flatMap(({ documents }) => documents), faults: all.flatMap(({ faults }) => faults) }
}

const documentFrom = (file: string, parsed: ParsedText): Documents => {
  const at = (pointer: string, within?: Place): Place => placeOf(parsed, pointer, within)
  const refuse = (pointer: string, message: string): Documents => ({
    documents: [],
    faults: [{ file, ...at(pointer), pointer, message }],
  })
  const { document, lines } = parsed
  const syntax = [...document.errors, ...document.warnings]
  if (syntax.length > 0) return { documents: [], faults: syntax.map((fault) => syntaxFault(file, fault, lines)) }
  if (document.contents === null) return { documents: [], faults: [] }
  const body = valueOf(document)
  if (body instanceof Error) return refuse('', body.message)
  if (body === null) return { documents: [], faults: [] }
  if (!isObject(body)) return refuse('', 'a document is a mapping with kind, name and spec')
  const { kind, name } = body
  if (!isKind(kind)) return refuse('/kind', `kind must be one of ${kinds.join(', ')}`)
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,63}$/.test(name))
    return refuse('/name', 'name must be small letters, digits and hyphens, at most 63')
  return { documents: [{ file, kind, name, body, placeOf: at }], faults: [] }
}

const syntaxFault = (
  file: string,
  fault: { pos: [number, number]; message: string },
  lines: LineCounter,
): FileFault => {
  const { line, col } = lines.linePos(fault.pos[0])
  return { file, line: Math.max(1, line), column: Math.max(1, col), message: fault.message }
}

/** Aliases that would make a small file a huge value are an error. */
const valueOf = (document: Document.Parsed): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (fault) {
    return fault instanceof Error ? fault : new Error(String(fault))
  }
}

/** A kind and name that stand twice among the documents. */
export const doubled = (documents: readonly BlueprintDocument[]): FileFault[] => {
  const first = new Map<string, BlueprintDocument>()
  return documents.flatMap((document) => {
    const key = `${document.kind}/${document.name}`
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, document)
      return []
    }
    const { line } = other.placeOf('/name')
    const message = `${document.kind} ${document.name} stands in ${other.file}:${line} too`
    return [{ file: document.file, ...document.placeOf('/name'), pointer: '/name', message }]
  })
}

export const inOrder = (documents: readonly BlueprintDocument[]): BlueprintDocument[] =>
  documents.toSorted((left, right) => kinds.indexOf(left.kind) - kinds.indexOf(right.kind))
