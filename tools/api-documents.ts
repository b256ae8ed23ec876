// `npm run api-documents`: writes docs/api anew from the code. `tools/api-documents.spec.ts` fails while they differ.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asyncApiDocument } from './asyncapi-document.ts'
import { openApiDocument } from './openapi/openapi-document.ts'
import { type Load, serviceDocuments } from './openapi/service-documents.ts'

const root = join(import.meta.dirname, '..')
export const folder = join(root, 'docs/api')

/** Of the sources: what runs this must be able to (`tools/run-sources.ts`). */
const load: Load = async (path) => (await import(join(root, path))) as Readonly<Record<string, unknown>>

/** Every document, by the name of its file. */
export const apiDocuments = async (): Promise<ReadonlyMap<string, unknown>> => {
  const documents = new Map<string, unknown>([['banso.asyncapi.json', asyncApiDocument()]])
  for (const service of serviceDocuments)
    documents.set(`${service.name}.openapi.json`, await openApiDocument(service, load))
  return documents
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true })
  for (const [file, document] of await apiDocuments())
    writeFileSync(join(folder, file), `${JSON.stringify(document, undefined, 2)}\n`)
  process.exit(0)
}
