import {
  type Link,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api'
import type { TracerProvider } from '@opentelemetry/sdk-trace'
import { AsyncLocalStorage } from 'node:async_hooks'
import { formatTraceparent, parseTraceparent, type TraceContext } from './traceparent.ts'
import { type Span, type SpanEnd, type SpanStart, Tracing } from './tracing.ts'

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const satisfies Record<SpanStart['kind'], SpanKind>

/** OpenTelemetry without its globals: contexts are passed as `traceparent`, the active one by asynchronous context. */
export class OtelTracing extends Tracing {
  override readonly enabled = true
  readonly #provider: TracerProvider
  readonly #tracer: Tracer
  readonly #active = new AsyncLocalStorage<string>()

  constructor(provider: TracerProvider) {
    super()
    this.#provider = provider
    this.#tracer = provider.getTracer('banso')
  }

  override get active(): string | undefined {
    return this.#active.getStore()
  }

  override start({ name, kind, parent, root = false, links = [], attributes = {} }: SpanStart): Span {
    const cause = root ? undefined : parseTraceparent(parent ?? this.active)
    const context = cause ? trace.setSpanContext(ROOT_CONTEXT, remote(cause)) : ROOT_CONTEXT
    const span = this.#tracer.startSpan(
      name,
      { kind: KINDS[kind], attributes: { ...attributes }, links: links.flatMap(linkTo) },
      context,
    )
    return new RunningSpan(span)
  }

  override within<T>(span: Span | undefined, run: () => T): T {
    return span ? this.#active.run(span.traceparent, run) : run()
  }

  // A receiver that is away has been complained of already.
  override close(): Promise<void> {
    return this.#provider.shutdown().catch(() => undefined)
  }
}

class RunningSpan implements Span {
  readonly traceparent: string
  readonly #span: OtelSpan

  constructor(span: OtelSpan) {
    const { traceId, spanId, traceFlags } = span.spanContext()
    this.traceparent = formatTraceparent({ traceId, spanId, flags: traceFlags })
    this.#span = span
  }

  end({ attributes = {}, fault }: SpanEnd = {}): void {
    this.#span.setAttributes({ ...attributes, ...(fault !== undefined && { 'error.type': fault }) })
    if (fault !== undefined) this.#span.setStatus({ code: SpanStatusCode.ERROR })
    this.#span.end()
  }
}

const remote = ({ traceId, spanId, flags }: TraceContext) => ({ traceId, spanId, traceFlags: flags, isRemote: true })

const linkTo = (traceparent: string): Link[] => {
  const context = parseTraceparent(traceparent)
  return context ? [{ context: remote(context) }] : []
}
