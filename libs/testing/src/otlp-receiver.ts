import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]

interface SentSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly attributes?: Attributes
  readonly status?: { readonly code?: number }
  readonly links?: readonly { readonly traceId: string }[]
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes?: Attributes }
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[]
  }[]
}

/** A span as it arrived. */
export interface ReceivedSpan {
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  /** Empty: the first of its trace. */
  readonly parentSpanId: string
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly failed: boolean
  readonly linkedTraces: readonly string[]
}

/** What OpenTelemetry sends spans to: OTLP over HTTP in its JSON form (`OTEL_EXPORTER_OTLP_PROTOCOL=http/json`). */
export class OtlpReceiver {
  readonly #spans: ReceivedSpan[] = []
  readonly #server = createServer((request, response) => {
    this.#take(request).then(
      () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'),
      () => response.writeHead(400).end(),
    )
  })

  private constructor() {}

  static async start(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver()
    receiver.#server.listen(0, '127.0.0.1')
    await once(receiver.#server, 'listening')
    return receiver
  }

  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get spans(): readonly ReceivedSpan[] {
    return this.#spans
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #take(request: IncomingMessage): Promise<void> {
    if (request.url !== '/v1/traces') throw new Error(`${request.url} takes no spans`)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    for (const { resource, scopeSpans } of (JSON.parse(text.toString()) as Request).resourceSpans) {
      const service = String(plain(resource?.attributes)['service.name'])
      for (const { spans } of scopeSpans) this.#spans.push(...spans.map((span) => received(service, span)))
    }
  }
}

const FAILED = 2

const received = (service: string, span: SentSpan): ReceivedSpan => ({
  service,
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId ?? '',
  name: span.name,
  attributes: plain(span.attributes),
  failed: span.status?.code === FAILED,
  linkedTraces: (span.links ?? []).map(({ traceId }) => traceId),
})

const plain = (attributes: Attributes = []): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
