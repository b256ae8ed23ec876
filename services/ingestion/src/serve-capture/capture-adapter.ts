import { FastifyAdapter } from '@nestjs/platform-fastify'
import { MAX_BODY_BYTES } from './json-body.ts'

// SDKs give up after ten seconds themselves.
const REQUEST_TIMEOUT_MS = 10_000
const CHECK_CONNECTIONS_MS = 1_000
// Longer than the 60 s that load balancers keep an idle connection, so that they close first.
const KEEP_ALIVE_TIMEOUT_MS = 72_000

export interface CaptureLimits {
  /** How long a client may take to send a whole request. Milliseconds; default 10 s. */
  readonly requestTimeoutMs?: number
}

/** Fastify for capture: bodies as bytes, because signatures are over bytes and every kind of body is JSON. */
export const captureAdapter = ({ requestTimeoutMs = REQUEST_TIMEOUT_MS }: CaptureLimits = {}): FastifyAdapter => {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: CHECK_CONNECTIONS_MS },
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    trustProxy: false,
    requestIdHeader: false,
  })
  const fastify = adapter.getInstance()
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  return adapter
}
