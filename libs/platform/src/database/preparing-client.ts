import pg from 'pg'

/** Statements beyond this many texts are sent unprepared: a text that is made up anew each time must not fill the server. */
const MOST_STATEMENTS = 500

const names = new Map<string, string>()

const nameOf = (text: string): string | undefined => {
  const known = names.get(text)
  if (known !== undefined || names.size >= MOST_STATEMENTS) return known
  const name = `s${names.size}`
  names.set(text, name)
  return name
}

type Query = (...args: readonly unknown[]) => unknown

/**
 * A pg client that names every statement with parameters, so that a connection parses and plans it once. TypeORM cannot
 * name statements; unprepared, Postgres spent more on planning a chunk's statements than on running them.
 */
export class PreparingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config)
    const query: Query = super.query.bind(this)
    const prepared: Query = (text, values, ...rest) => {
      const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined
      return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest)
    }
    Object.defineProperty(this, 'query', { value: prepared })
  }
}
