import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { ProblemError } from '../errors.ts'
import { PROBLEM_CONTENT_TYPE } from './problem.ts'
import { stopping } from '../shutdown/stopping.ts'
import { problemOf } from './problem-of.ts'

const DEFAULT_BODY_LIMIT = 1_048_576
const REQUEST_TIMEOUT_MS = 30_000
// Longer than the 60 s that load balancers keep an idle connection, so that they close first.
const KEEP_ALIVE_TIMEOUT_MS = 72_000
const LAST_REQUESTS_MS = 10_000

export interface HttpOptions {
  /** Bytes; default 1 MiB. */
  readonly bodyLimit?: number
  /** What a `__proto__` or `constructor` key in a body does; default `error` (400). */
  readonly onPoisoning?: 'error' | 'remove' | 'ignore'
  /** How long a client may take to send a whole request, in milliseconds; default 30 s. */
  readonly requestTimeoutMs?: number
  /** What requests under way get when the service stops, in milliseconds; default 10 s. */
  readonly lastRequestsMs?: number
}

/** Fastify as every service runs it: bounded bodies and times, no trust in forwarding headers, ids of our own. */
export const fastifyAdapter = (options: HttpOptions = {}): FastifyAdapter => {
  const adapter = new FastifyAdapter({
    bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT,
    onProtoPoisoning: options.onPoisoning ?? 'error',
    onConstructorPoisoning: options.onPoisoning ?? 'error',
    requestTimeout: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (fault: Error, _request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(fault)
      void reply.status(problem.status).header('content-type', PROBLEM_CONTENT_TYPE).send(problem)
    },
  })
  refuseNul(adapter.getInstance())
  endConnections(adapter.getInstance(), options.lastRequestsMs ?? LAST_REQUESTS_MS)
  return adapter
}

// DTOs say what bodies are: Fastify would load the 110 modules of its own compilers at every start.
const noSchemas = (): never => {
  throw new Error('a route of Fastify has a schema; ours have DTOs')
}

// Nothing is named with a NUL, and no database takes one.
const refuseNul = (fastify: FastifyInstance): void => {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.url.includes('%00')) return done()
    const problem = problemOf(
      new ProblemError({
        code: 'REQUEST_INVALID',
        status: 400,
        detail: 'a path or query must not hold a NUL character',
      }),
    )
    void reply.status(problem.status).header('content-type', PROBLEM_CONTENT_TYPE).send(problem)
  })
}

// A connection that is kept alive, or whose request never ends, would hold a shutdown up.
const endConnections = (fastify: FastifyInstance, lastRequestsMs: number): void => {
  let closing = false
  let patience: NodeJS.Timeout | undefined
  const closed = Promise.withResolvers<void>()
  fastify.addHook('preClose', (done) => {
    closing = true
    void stopping('the HTTP requests under way', closed.promise)
    patience = setTimeout(() => fastify.server.closeAllConnections(), lastRequestsMs)
    done()
  })
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close')
    done()
  })
  fastify.addHook('onClose', (_instance, done) => {
    clearTimeout(patience)
    closed.resolve()
    done()
  })
}
