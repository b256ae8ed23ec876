import { Type } from 'class-transformer'
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator'
import type { Static, TSchema } from 'typebox'
import Value from 'typebox/value'
import { ProblemError } from '../errors.ts'
import { Described } from '../openapi/documented.ts'

export const DEFAULT_PAGE_SIZE = 50
export const MAX_PAGE_SIZE = 200

/** `?cursor=&limit=`; extend it with a list's own filters. */
export class PageQuery {
  @Described('`next` of the page before; without it, the first page.')
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  cursor?: string

  @Described('How many at most.', DEFAULT_PAGE_SIZE)
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE_SIZE)
  limit: number = DEFAULT_PAGE_SIZE
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null
}

/**
 * A page of `limit` items from rows that were read with `LIMIT limit + 1`: the row too many says that there is a next
 * page. `keyOf` gives what the list is ordered by, as JSON; `decodeCursor` gives it back.
 */
export const pageOf = <T>(rows: readonly T[], limit: number, keyOf: (row: T) => unknown): Page<T> => {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const more = rows.length > limit && last !== undefined
  return { items, next: more ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null }
}

/**
 * The key that a cursor stands for, checked against `schema` (days and instants: `DayKey`, `InstantKey`); undefined
 * without a cursor. A cursor that is not ours is refused: 400 `CURSOR_INVALID`.
 */
export const decodeCursor = <T extends TSchema>(schema: T, cursor: string | undefined): Static<T> | undefined => {
  if (cursor === undefined) return undefined
  try {
    return Value.Parse(schema, JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'), withoutNul))
  } catch (cause) {
    throw new ProblemError(
      { code: 'CURSOR_INVALID', status: 400, detail: 'the cursor is not one of this list', pointer: '/cursor' },
      { cause },
    )
  }
}

// No text of Postgres has one.
const withoutNul = (_name: string, value: unknown): unknown => {
  if (typeof value === 'string' && value.includes('\0')) throw new TypeError('a text holds a NUL')
  return value
}
