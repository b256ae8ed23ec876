/** Nothing personal, and no account: names of routes, topics and kinds, numbers, ids of records. */
export type SpanAttributes = Readonly<Record<string, string | number>>

export interface SpanStart {
  /** Of few different values: a route or topic, never a path or an id. */
  readonly name: string
  readonly kind: 'server' | 'client' | 'producer' | 'consumer' | 'internal'
  /** `traceparent` of what caused it; absent: the active span. Without either a trace begins, if the sampler says so. */
  readonly parent?: string | undefined
  /** Begins a trace of its own, whatever is active. */
  readonly root?: boolean
  /** `traceparent`s of what it has to do with, without being part of their traces. */
  readonly links?: readonly string[]
  readonly attributes?: SpanAttributes
}

export interface SpanEnd {
  readonly attributes?: SpanAttributes
  /** What kind of fault it ended with: a code or class, never a message. */
  readonly fault?: string | undefined
}

export interface Span {
  /** To be passed on to what it causes, sampled or not. */
  readonly traceparent: string
  end(how?: SpanEnd): void
}

/** Where a service's spans go. Off, nothing is made and nothing passed on. */
export abstract class Tracing {
  abstract readonly enabled: boolean
  /** `traceparent` of the span that the running code is within. */
  abstract get active(): string | undefined
  /** Undefined while tracing is off. */
  abstract start(span: SpanStart): Span | undefined
  /** Runs within a span: what starts meanwhile, asynchronously too, is its child. */
  abstract within<T>(span: Span | undefined, run: () => T): T
  /** Sends what has not been sent, if it can. Never rejects. */
  abstract close(): Promise<void>
}

class NoTracing extends Tracing {
  override readonly enabled = false
  override readonly active = undefined

  override start(): undefined {
    return undefined
  }

  override within<T>(_span: Span | undefined, run: () => T): T {
    return run()
  }

  override close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Tracing that is off. */
export const noTracing: Tracing = new NoTracing()
