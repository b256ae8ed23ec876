import { randomInt, randomUUID } from 'node:crypto'
import pg from 'pg'

/** First argument of the advisory lock that a session holds; the second is its number. */
const LOCK_CLASS = 7_420_002
const HIGHEST_NUMBER = 2 ** 31
const NUMBER_DIGITS = 8
/** UUIDs of version 8 are for uses of one's own (RFC 9562): no random one is taken for ours. */
const VERSION = '8'
const VERSION_AT = 14

/** A database that does not answer is away. Milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 10_000
const QUERY_TIMEOUT_MS = 12_000
/** The connection before may end a moment later than it is seen to. */
const LOCK_TIMEOUT_MS = 1_000
const LOCK_NOT_FREE = '55P03'
/** After a failure it is not tried sooner. */
const TRY_AGAIN_MS = 500
/** Others that were cut off at the same time are back by then. */
const OTHERS_BACK_MS = 3_000
/** What a process left behind is found by the one that takes its place. */
const NEWCOMER_MS = 30_000

const newNumber = (): number => randomInt(HIGHEST_NUMBER)

/**
 * SQL: whether who bears the id is known to be gone: a session made the id, and its connection has ended. Of other ids nothing
 * is known. Sessions are looked for once a statement, and only when an id of one is met.
 */
export const isGone = (id: string): string => `(
  substr(${id}::text, ${VERSION_AT + 1}, 1) = '${VERSION}'
  and ('x' || left(${id}::text, ${NUMBER_DIGITS}))::bit(32)::bigint not in (
    select objid::bigint from pg_locks where locktype = 'advisory' and classid = ${LOCK_CLASS} and objsubid = 2
      and database = (select oid from pg_database where datname = current_database())))`

const GONE_OF = { text: `select id from unnest($1::uuid[]) as asked (id) where ${isGone('id')}` }

/** A connection that vouches, as long as it lives, for those who bear its ids. */
export class Session {
  readonly #client: pg.Client
  readonly #ended = new AbortController()
  readonly #openedAt = performance.now()
  #underWay = 0

  private constructor(
    client: pg.Client,
    readonly number: number,
  ) {
    this.#client = client
  }

  /** `number`: of no other session; with that of one that has ended its ids are vouched for again. */
  static async open(url: string, applicationName: string, number = newNumber()): Promise<Session> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      keepAlive: true,
      options: '-c synchronous_commit=on -c idle_session_timeout=0', // it may have nothing to ask for long
      application_name: applicationName,
    })
    const session = new Session(client, number)
    // An error is followed by the end; without a listener it would end the process.
    client.on('error', () => session.close())
    client.on('end', () => session.close())
    await client.connect()
    await session.#begin()
    return session
  }

  /** Aborts when the connection is gone: others may take what its ids hold. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  /** Milliseconds. */
  get age(): number {
    return performance.now() - this.#openedAt
  }

  /** Nothing is asked of it now. */
  get isFree(): boolean {
    return this.#underWay === 0 && !this.ended.aborted
  }

  /** An id that this session vouches for. */
  newId(): string {
    const random = randomUUID()
    const number = this.number.toString(16).padStart(NUMBER_DIGITS, '0')
    return number + random.slice(NUMBER_DIGITS, VERSION_AT) + VERSION + random.slice(VERSION_AT + 1)
  }

  /** Whatever the database itself does not refuse, ends the session: nothing is known of it any more. */
  async query<Row extends pg.QueryResultRow>(query: pg.QueryConfig, values: unknown[]): Promise<pg.QueryResult<Row>> {
    this.#underWay += 1
    try {
      return await this.#client.query<Row>({ ...query, values })
    } catch (fault) {
      if (!(fault instanceof pg.DatabaseError)) this.close()
      throw fault
    } finally {
      this.#underWay -= 1
    }
  }

  close(): void {
    if (this.ended.aborted) return
    this.#ended.abort()
    void this.#client.end().catch(() => undefined)
  }

  async #begin(): Promise<void> {
    try {
      await this.#client.query('select pg_advisory_lock($1, $2)', [LOCK_CLASS, this.number])
    } catch (fault) {
      this.close()
      throw fault
    }
  }
}

/**
 * The session of this process in a database: opened when it is asked for, anew when it was lost. It keeps its number, and
 * with it what its ids hold and nobody has taken meanwhile, unless the connection before does not end.
 */
export class Presence {
  #session: Promise<Session> | undefined
  #open: Session | undefined
  #number = newNumber()
  #closed = false
  #tryAgainAt = 0
  #opened = 0

  /** `url`: of PostgreSQL, or of a pool that gives each client a connection of its own. */
  constructor(
    private readonly url: string,
    private readonly applicationName: string,
  ) {}

  /** Rejects while the database is away. */
  session(): Promise<Session> {
    if (this.#closed) return Promise.reject(new Error('the presence is closed'))
    if (!this.#session && performance.now() < this.#tryAgainAt)
      return Promise.reject(new Error('there is no session yet'))
    this.#session ??= this.#begin()
    return this.#session
  }

  /** The session, while there is one. */
  get present(): Session | undefined {
    return this.#open
  }

  /** The session, if it is there and free: who polls by it needs no further connection. */
  free(): Session | undefined {
    return this.#open?.isFree ? this.#open : undefined
  }

  /** Those of the ids whose bearers are known to be gone. */
  async goneOf(ids: readonly string[]): Promise<readonly string[]> {
    const session = await this.session()
    const { rows } = await session.query<{ id: string }>(GONE_OF, [ids])
    return rows.map(({ id }) => id)
  }

  /**
   * Whether this process has begun a moment ago and has its first session: then none of what it has under way bears the name
   * of another one, and who is not there is not only late in coming back.
   */
  get isNewcomer(): boolean {
    const age = this.#open?.age ?? 0
    return this.#opened === 1 && age >= OTHERS_BACK_MS && age < NEWCOMER_MS
  }

  async close(): Promise<void> {
    this.#closed = true
    const session = await this.#session?.catch(() => undefined)
    session?.close()
  }

  async #begin(): Promise<Session> {
    const forget = (): void => {
      this.#session = undefined
      this.#open = undefined
    }
    try {
      const session = await Session.open(this.url, this.applicationName, this.#number)
      if (session.ended.aborted) throw new Error('the connection was lost at once')
      session.ended.addEventListener('abort', forget, { once: true })
      this.#open = session
      this.#opened += 1
      return session
    } catch (fault) {
      forget()
      this.#tryAgainAt = performance.now() + TRY_AGAIN_MS
      if (fault instanceof pg.DatabaseError && fault.code === LOCK_NOT_FREE) this.#number = newNumber()
      throw fault
    }
  }
}
