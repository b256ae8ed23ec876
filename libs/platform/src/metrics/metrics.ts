import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

// prom-client has gauges named as counters are; what they say is in `nodejs_active_resources`, too.
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

/** A registry of the service's own, with the process's metrics (memory, event loop, garbage collection) in it. */
export const createRegistry = (service: string): Registry => {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  return registry
}

const HTTP = 'http_request_duration_seconds'
// The methods of our routes; of others any client could make as many as it likes.
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])

/** Times every request: `http_request_duration_seconds{method, route, status}`, the route by pattern, never by path. */
export const measureHttp = (registry: Registry, fastify: FastifyInstance): void => {
  const seconds = httpSeconds(registry)
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched')
    const method = METHODS.has(request.method) ? request.method : 'other'
    seconds.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
    done()
  })
}

// A service with two servers shows both under one name.
const httpSeconds = (registry: Registry): Histogram<'method' | 'route' | 'status'> => {
  const known = registry.getSingleMetric(HTTP)
  if (known instanceof Histogram) return known
  return new Histogram({
    name: HTTP,
    help: 'Time from the start of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
}
