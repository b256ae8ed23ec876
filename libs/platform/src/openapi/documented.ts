import type { Static, TSchema } from 'typebox'

// Reflect's own metadata rather than @nestjs/swagger's decorators: importing it costs a service 0.5 s and 11 MB, for what only
// the generator of the documents reads.
const OPERATION = Symbol('documented operation')
const FIELDS = Symbol('described fields')

/** What the OpenAPI document says of a route besides what its decorators and DTOs say. */
export interface OperationDocument<Answer extends TSchema = TSchema> {
  readonly summary: string
  readonly description?: string
  /** The body of a success; left out: none. */
  readonly answer?: Answer
  /** Statuses of a success, where there are others than the route's own. */
  readonly statuses?: readonly number[]
  /** Media type of a success; default `application/json`. */
  readonly mediaType?: string
  /** The body that it takes, where that is no DTO. */
  readonly body?: TSchema
  /** An example of the body that it takes, where one of its parts will not do. */
  readonly example?: unknown
  /** It may come without the body that it takes. */
  readonly bodyOptional?: true
  /** Codes of its problems by status, besides those that every route has. */
  readonly problems?: Readonly<Record<number, readonly string[]>>
  /** Other bodies that are no success, by status. */
  readonly others?: Readonly<Record<number, TSchema>>
  /** Of path parameters that are no DTO: schemas with descriptions, by name. */
  readonly parameters?: Readonly<Record<string, TSchema>>
  /** Headers that it asks for, by name. */
  readonly headers?: Readonly<Record<string, TSchema>>
  /** Who may ask: scheme names of the document; default the service's token. */
  readonly security?: readonly string[]
}

/** As JSON carries it. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Wire<T[Key]> }
      : T

type Handler = (...parameters: never[]) => unknown

/** Nothing where a handler's answer fits the schema; else one argument more than a decorator gets, so that it does not compile. */
type Misfit<H extends Handler, Answer extends TSchema> =
  unknown extends Awaited<ReturnType<H>>
    ? []
    : Wire<Awaited<ReturnType<H>>> extends Static<Answer> | void
      ? []
      : ['what it returns does not fit its schema']

/** Documents a route. What the handler returns, unless it is `unknown`, must fit `answer`: the compiler says so. */
export const Documented =
  <Answer extends TSchema>(document: OperationDocument<Answer>) =>
  <H extends Handler>(
    target: object,
    name: string,
    _handler: TypedPropertyDescriptor<H>,
    ..._misfit: Misfit<H, Answer>
  ): void =>
    Reflect.defineMetadata(OPERATION, document, target, name)

const isDocument = (value: unknown): value is OperationDocument =>
  typeof value === 'object' && value !== null && 'summary' in value

/** What `Documented` says of a method. */
export const documentOf = (controller: object, method: string): OperationDocument | undefined => {
  const document: unknown = Reflect.getMetadata(OPERATION, controller, method)
  return isDocument(document) ? document : undefined
}

export interface FieldDocument {
  readonly description: string
  readonly example?: unknown
}

/** Says what a field of a DTO means, with an example; what it may hold its validators say. */
export const Described =
  (description: string, example?: unknown): PropertyDecorator =>
  (target, name) => {
    const said: FieldDocument = { description, ...(example !== undefined && { example }) }
    Reflect.defineMetadata(FIELDS, { ...fieldsOf(target), [name]: said }, target)
  }

const isFields = (value: unknown): value is Readonly<Record<string, FieldDocument>> =>
  typeof value === 'object' && value !== null

/** What `Described` says of the fields of a class, by name, those that it inherits included. */
export const fieldsOf = (prototype: object): Readonly<Record<string, FieldDocument>> => {
  const fields: unknown = Reflect.getMetadata(FIELDS, prototype)
  return isFields(fields) ? fields : {}
}
