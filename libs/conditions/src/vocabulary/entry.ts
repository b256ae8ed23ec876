/** CEL's name of a fact's type. Instants and dates are strings. */
export type FactType =
  | 'string'
  | 'int'
  | 'double'
  | 'bool'
  | 'list<string>'
  | 'map<string, dyn>'
  | 'map<string, map<string, dyn>>'
  | 'dyn'

/** One fact of the vocabulary. */
export interface FactEntry {
  readonly type: FactType
  /** It may be unknown: comparing it then leaves the condition undecided, unless guarded. */
  readonly nullable: boolean
  /** Meaning and unit. */
  readonly en: string
  readonly ja: string
  /** All that it can be, where that is a closed list. */
  readonly values?: readonly string[]
}

type Text = { readonly en: string; readonly ja: string }

type FactTypeOf<V> = unknown extends V
  ? 'dyn'
  : V extends string
    ? 'string'
    : V extends number
      ? 'int' | 'double'
      : V extends boolean
        ? 'bool'
        : V extends readonly string[]
          ? 'list<string>'
          : V extends Readonly<Record<string, infer E>>
            ? unknown extends E
              ? 'map<string, dyn>'
              : 'map<string, map<string, dyn>>'
            : never

type Values<V> = [V] extends [string] ? (string extends V ? object : { readonly values: readonly V[] }) : object

/** What the vocabulary must say of a fact whose TypeScript type is V. */
type EntryOf<V> = Text & {
  readonly type: FactTypeOf<unknown extends V ? unknown : NonNullable<V>>
  readonly nullable: null extends V ? true : false
} & Values<NonNullable<V>>

type Leaf = string | number | boolean | null | readonly unknown[]

/** Paths of the facts in T; `*` stands for any name in a map. */
type Path<T> = {
  [K in keyof T & string]: [T[K]] extends [Leaf]
    ? K
    : string extends keyof T[K]
      ? K | `${K}.${unknown extends T[K][keyof T[K]] ? '*' : `*.${Path<T[K][keyof T[K]]>}`}`
      : `${K}.${Path<T[K]>}`
}[keyof T & string]

type At<T, P extends string> = P extends `${infer K}.${infer Rest}` ? At<Step<T, K>, Rest> : Step<T, P>
type Step<T, K extends string> = K extends keyof T ? T[K] : K extends '*' ? T[keyof T] : never

/** A table that says of each fact in T what it is, and of no other; `More`: what it says besides. */
export type Vocabulary<T, More = unknown> = { readonly [P in Path<T>]: EntryOf<At<T, P>> & More }
