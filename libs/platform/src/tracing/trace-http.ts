import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Span, type Tracing } from './tracing.ts'

export interface TraceHttpOptions {
  /**
   * Whether a request goes on with the trace that it names. Else it begins one of its own with a link to that: whoever
   * may not decide what is sampled.
   */
  readonly continues: boolean
}

// What is asked every few seconds would bury the rest.
const UNTRACED = new Set(['/health/live', '/health/ready', '/metrics'])
const SERVER_FAULT = 500

/** A span for every request, by route pattern, never by path; handlers run within it. */
export const traceHttp = (tracing: Tracing, fastify: FastifyInstance, { continues }: TraceHttpOptions): void => {
  if (!tracing.enabled) return
  const spans = new WeakMap<FastifyRequest, Span>()
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { url: route } = request.routeOptions
    if (request.is404 || route === undefined || UNTRACED.has(route)) return done()
    const { traceparent: header } = request.headers
    const named = typeof header === 'string' ? header : undefined
    const span = tracing.start({
      name: `${request.method} ${route}`,
      kind: 'server',
      parent: named,
      root: !continues,
      links: continues || named === undefined ? [] : [named],
      attributes: { 'http.request.method': request.method, 'http.route': route },
    })
    if (span) spans.set(request, span)
    done()
  })
  // Not earlier: the body is read in the context of the connection.
  fastify.addHook('preHandler', (request, _reply, done) => {
    tracing.within(spans.get(request), done)
  })
  fastify.addHook('onResponse', (request, reply, done) => {
    const { statusCode: status } = reply
    spans.get(request)?.end({
      attributes: { 'http.response.status_code': status },
      ...(status >= SERVER_FAULT && { fault: String(status) }),
    })
    done()
  })
}
