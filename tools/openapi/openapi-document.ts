// Makes the OpenAPI 3.1 document of a service from its routes, DTOs and schemas, by @nestjs/swagger.
import { fastifyAdapter } from '@banso/platform'
import { ModulesContainer, NestFactory } from '@nestjs/core'
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger'
import { exampleOf } from './example-of.ts'
import type { Load, ServiceDocument } from './service-documents.ts'
import { type Controller, routesOf, tellOperations } from './tell-operations.ts'

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What `SwaggerModule` finds in the service's module, whose providers are not made. */
export const openApiDocument = async (service: ServiceDocument, load: Load): Promise<Json> => {
  const app = await NestFactory.create(await service.module(load), fastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  })
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.keys()])
  for (const controller of controllers) if (isController(controller)) tellOperations(controller, service.usual)
  const found = SwaggerModule.createDocument(app, configOf(service), { autoTagControllers: false })
  await app.close()
  return finished(found, service.name)
}

const isController = (token: unknown): token is Controller =>
  typeof token === 'function' && routesOf(token as Controller).length > 0

const configOf = ({ title, description, url, security }: ServiceDocument): Omit<OpenAPIObject, 'paths'> => {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(title)
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(url, 'As `npm start` runs it; ports and addresses are settings.')
  for (const [name, scheme] of Object.entries(security)) builder.addSecurity(name, scheme)
  return builder.build()
}

const finished = (found: OpenAPIObject, name: string): Json => {
  const { paths, components, info, openapi, servers } = JSON.parse(JSON.stringify(found)) as Json
  const { securitySchemes, schemas: classes } = (components ?? {}) as { securitySchemes: Json; schemas: Json }
  const schemas: Json = { ...classes }
  const named = withNames(paths, schemas)
  const operations = operationsIn(named)
  for (const { path, operation } of operations) {
    operation['tags'] = [path.split('/').find((part) => /^[a-z-]+$/.test(part)) ?? name]
    exemplify(operation, schemas)
  }
  const tags = [...new Set(operations.flatMap(({ operation }) => operation['tags'] as string[]))].toSorted()
  return {
    openapi,
    info,
    servers,
    tags: tags.map((tag) => ({ name: tag })),
    paths: named,
    components: { securitySchemes, schemas: Object.fromEntries(Object.entries(schemas).toSorted(byName)) },
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)

const operationsIn = (paths: unknown): { path: string; operation: Json }[] =>
  Object.entries(isObject(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.values(isObject(item) ? item : {}).flatMap((operation) =>
      isObject(operation) ? [{ path, operation }] : [],
    ),
  )

// Values, which may look like schemas.
const VALUES = new Set(['example', 'examples', 'default', 'const', 'enum'])

// A schema with a title stands once, by that name: programs that are made from a document name their types so.
const withNames = (value: unknown, schemas: Json): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => withNames(item, schemas))
  if (!isObject(value)) return value
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, VALUES.has(key) ? part : withNames(part, schemas)]),
  )
  const { title } = inner
  if (typeof title !== 'string' || !('type' in inner || 'anyOf' in inner) || !/^[A-Z][A-Za-z]+$/.test(title))
    return inner
  const known = schemas[title]
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(inner))
    throw new Error(`two schemas are called ${title}`)
  schemas[title] = inner
  return { $ref: `#/components/schemas/${title}` }
}

const exemplify = (operation: Json, schemas: Json): void => {
  const { requestBody } = operation
  if (!isObject(requestBody) || !isObject(requestBody['content'])) return
  for (const media of Object.values(requestBody['content'])) {
    if (!isObject(media) || media['examples'] !== undefined || !isObject(media['schema'])) continue
    const { $ref } = media['schema']
    const schema = typeof $ref === 'string' ? schemas[$ref.split('/').at(-1) ?? ''] : media['schema']
    if (isObject(schema)) media['example'] = exampleOf(schema)
  }
}
