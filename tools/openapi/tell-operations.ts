// What a controller says of its routes, told to @nestjs/swagger as its own decorators would tell it.
import { documentOf, isPublic, type OperationDocument, ProblemSchema } from '@banso/platform'
import { ParseUUIDPipe } from '@nestjs/common'
import { HTTP_CODE_METADATA, METHOD_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js'
import {
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiSecurity,
  type OpenAPIObject,
} from '@nestjs/swagger'
import { STATUS_CODES } from 'node:http'
import type { TSchema } from 'typebox'
import type { JsonSchema } from '../schema-breaks.ts'
import { type Dto, fieldsOfDto, isDto, tellFields } from './dto-fields.ts'
import { exampleOf } from './example-of.ts'

export type Controller = new (...parts: never[]) => object

/** Which problems every route of an application may answer, besides its own. */
export type UsualProblems = (route: RouteShape) => Readonly<Record<number, readonly string[]>>

export interface RouteShape {
  readonly isPublic: boolean
  readonly takesBody: boolean
  readonly takesDto: boolean
  readonly takesCursor: boolean
  readonly takesParameters: boolean
}

// Nest's numbers of parameter decorators.
const [BODY, PARAM] = [3, 5]

interface RouteArgument {
  readonly kind: number
  /** Of a named one: its name. */
  readonly name: string | undefined
  readonly isUuid: boolean
  readonly dto: Dto | undefined
}

interface GivenArgument {
  readonly index: number
  readonly data?: unknown
  readonly pipes?: readonly unknown[]
}

const argumentsOf = (controller: Controller, method: string): RouteArgument[] => {
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) ?? []) as unknown[]
  const given = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<string, GivenArgument>
  return Object.entries(given).map(([key, { index, data, pipes = [] }]) => {
    const type = types[index]
    return {
      kind: Number.parseInt(key, 10),
      name: typeof data === 'string' ? data : undefined,
      isUuid: pipes.includes(ParseUUIDPipe),
      dto: isDto(type) ? type : undefined,
    }
  })
}

const shapeOf = (
  controller: Controller,
  handler: object,
  route: readonly RouteArgument[],
  document: OperationDocument,
): RouteShape => {
  const dtos = route.flatMap(({ dto }) => dto ?? [])
  return {
    isPublic: isPublic(controller, handler),
    takesBody: document.body !== undefined || route.some(({ kind }) => kind === BODY),
    takesDto: dtos.length > 0,
    takesCursor: dtos.some((dto) => fieldsOfDto(dto).some(({ name }) => name === 'cursor')),
    takesParameters: route.some(({ kind }) => kind === PARAM),
  }
}

/** `List accounts` → `listAccounts` */
const idOf = (summary: string): string => {
  const words = summary.replaceAll(/[^A-Za-z ]/g, '').split(/ +/)
  const [first = '', ...rest] = words.filter((word) => !['a', 'an', 'the', 'of', 'its'].includes(word.toLowerCase()))
  return [first.toLowerCase(), ...rest.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1))].join('')
}

type SwaggerSchema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string]

const json = (schema: TSchema): JsonSchema => schema as JsonSchema

// JSON Schema is what OpenAPI 3.1 has; the types of @nestjs/swagger are those of 3.0.
const schemaOf = (schema: unknown): SwaggerSchema => schema as SwaggerSchema

const media = (schema: TSchema) => ({ schema: schemaOf(schema), example: exampleOf(json(schema)) })

const success = ({ answer, mediaType = 'application/json' }: OperationDocument, status: number): MethodDecorator =>
  ApiResponse({
    status,
    description: STATUS_CODES[status] ?? '',
    ...(answer && { content: { [mediaType]: media(answer) } }),
  })

const failure = (status: number, codes: readonly string[], other: TSchema | undefined): MethodDecorator => {
  const title = STATUS_CODES[status] ?? ''
  const [code] = codes
  const parts = [ProblemSchema, { properties: { status: { const: status }, code: { enum: codes } } }]
  const example = { type: 'about:blank', title, status, detail: 'what is wrong, in words', code }
  const content = {
    ...(other && { 'application/json': media(other) }),
    ...(code !== undefined && { 'application/problem+json': { schema: schemaOf({ allOf: parts }), example } }),
  }
  return ApiResponse({ status, description: codes.length > 0 ? codes.join(', ') : title, content })
}

const merged = (
  ...lists: readonly Readonly<Record<number, readonly string[]>>[]
): readonly (readonly [status: number, codes: readonly string[]])[] => {
  const all = lists.flatMap((list) => Object.entries(list))
  const statuses = [...new Set(all.map(([status]) => Number(status)))].toSorted((a, b) => a - b)
  return statuses.map((status) => [
    status,
    [...new Set(all.filter(([own]) => Number(own) === status).flatMap(([, codes]) => codes))],
  ])
}

const noCodes = (others: Readonly<Record<number, TSchema>>): Record<number, readonly string[]> =>
  Object.fromEntries(Object.keys(others).map((status) => [status, []]))

const parametersOf = (route: readonly RouteArgument[], { parameters = {} }: OperationDocument): MethodDecorator[] => {
  const taken = route.flatMap(({ kind, name }) => (kind === PARAM && name !== undefined ? [name] : []))
  return [...new Set([...taken, ...Object.keys(parameters)])].map((name) => {
    const { description = '', ...rest } = (parameters[name] ?? {}) as { description?: string }
    const isUuid = route.some((argument) => argument.name === name && argument.isUuid)
    return ApiParam({ name, description, schema: { type: 'string', ...(isUuid && { format: 'uuid' }), ...rest } })
  })
}

const bodyOf = (
  route: readonly RouteArgument[],
  { body, example, bodyOptional }: OperationDocument,
): MethodDecorator[] => {
  const dto = route.find(({ kind }) => kind === BODY)?.dto
  const required = !bodyOptional
  if (body) {
    const examples = { usual: { value: example ?? exampleOf(json(body)) } }
    return [ApiBody({ schema: schemaOf(body), required, examples })]
  }
  if (!dto || (required && example === undefined)) return []
  return [ApiBody({ type: dto, required, ...(example !== undefined && { examples: { usual: { value: example } } }) })]
}

/** The methods of a controller that answer HTTP. */
export const routesOf = (controller: Controller): { name: string; handler: object }[] =>
  Object.entries(Object.getOwnPropertyDescriptors(controller.prototype)).flatMap(([name, { value }]) => {
    const handler: unknown = value
    const answers = typeof handler === 'function' && Reflect.hasMetadata(METHOD_METADATA, handler)
    return answers ? [{ name, handler }] : []
  })

/** By what they were told with: a controller of a lib is in the documents of several services, and what is told twice stands there twice. */
const told = new WeakMap<Controller, UsualProblems>()

/** Tells of every route of a controller; one that is not documented is a fault. */
export const tellOperations = (controller: Controller, usual: UsualProblems): void => {
  const before = told.get(controller)
  if (before === usual) return
  if (before) throw new Error(`${controller.name} was told with the usual problems of another application`)
  told.set(controller, usual)
  for (const { name, handler } of routesOf(controller)) {
    const prototype = controller.prototype as object
    const document = documentOf(prototype, name)
    if (document === undefined) throw new Error(`${controller.name}.${name} answers a route without @Documented`)
    const route = argumentsOf(controller, name)
    for (const { dto } of route) if (dto) tellFields(dto)
    const shape = shapeOf(controller, handler, route, document)
    for (const decorate of decoratorsOf(document, { handler, route, shape, problems: usual(shape) }))
      decorate(prototype, name, Object.getOwnPropertyDescriptor(prototype, name) ?? {})
  }
}

interface Route {
  readonly handler: object
  readonly route: readonly RouteArgument[]
  readonly shape: RouteShape
  readonly problems: Readonly<Record<number, readonly string[]>>
}

const decoratorsOf = (document: OperationDocument, { handler, route, shape, problems }: Route): MethodDecorator[] => {
  const {
    summary,
    description,
    headers = {},
    others = {},
    security = shape.isPublic ? [] : ['serviceToken'],
  } = document
  const own = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined
  const isPost = Reflect.getMetadata(METHOD_METADATA, handler) === 1
  const statuses = document.statuses ?? [own ?? (isPost ? 201 : 200)]
  return [
    ApiOperation({ summary, operationId: idOf(summary), ...(description !== undefined && { description }) }),
    ...statuses.map((status) => success(document, status)),
    ...merged(problems, document.problems ?? {}, noCodes(others)).map(([status, codes]) =>
      failure(status, codes, others[status]),
    ),
    ...parametersOf(route, document),
    ...Object.entries(headers).map(([name, schema]) => {
      const { description: text = '', ...rest } = schema as { description?: string }
      return ApiHeader({ name, description: text, required: true, schema: rest })
    }),
    ...bodyOf(route, document),
    ...security.map((scheme) => ApiSecurity(scheme)),
  ]
}
