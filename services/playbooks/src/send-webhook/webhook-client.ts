import type { Tracing } from '@banso/platform'
import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Attempt, Fault } from '../domain/delivery.ts'
import { retryAfterMs } from '../domain/retry.ts'
import { checkedLookup, targetFault, type TargetPolicy } from './targets.ts'
import { endOf, spanOf } from './webhook-span.ts'

export interface WebhookLimits {
  /** From the start of the request to the end of the answer. */
  readonly timeoutMs: number
  /** Connections at once, and kept open between requests. */
  readonly connections: number
}

export interface WebhookRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Time of the attempt. */
  readonly now: Date
  /** The receiver cannot tell a repeat: it is sent once, over a connection of its own. */
  readonly once?: boolean
}

/** Most bytes of an answer that are read. What it says does not matter, only its status does. */
const ANSWER_CAP = 65_536

const REFUSED: Attempt = { kind: 'fault', fault: 'target-refused', unsure: false }

const DNS_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME'])

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''

const faultOf = (error: unknown): Fault => {
  const code = codeOf(error)
  if (code === 'TARGET_REFUSED') return 'target-refused'
  if (DNS_CODES.has(code)) return 'dns'
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|EPROTO)/.test(code) ? 'tls' : 'connection'
}

/** Reads an answer away, up to the cap; its connection can be used again only when all of it was read. */
const drain = async (answer: IncomingMessage): Promise<void> => {
  const chunks: AsyncIterable<Buffer> = answer
  let bytes = 0
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length
      if (bytes > ANSWER_CAP) break
    }
  } catch {
    // The status has been read, and it is all that counts.
  }
}

/** Posts JSON to targets that the policy allows, over kept connections; redirects are answers, never followed. */
export class WebhookClient {
  readonly #policy: TargetPolicy
  readonly #lookup: LookupFunction
  readonly #timeoutMs: number
  readonly #http: HttpAgent
  readonly #https: HttpsAgent
  readonly #closing = new AbortController()
  readonly #tracing: Tracing

  constructor(policy: TargetPolicy, { timeoutMs, connections }: WebhookLimits, tracing: Tracing) {
    const options = {
      keepAlive: true,
      maxSockets: connections,
      maxFreeSockets: connections,
      scheduling: 'lifo' as const,
    }
    this.#policy = policy
    this.#tracing = tracing
    this.#lookup = checkedLookup(policy)
    this.#timeoutMs = timeoutMs
    this.#http = new HttpAgent(options)
    this.#https = new HttpsAgent(options)
  }

  /** Rejects only when `signal` aborts or the client is closed: the attempt then does not count. */
  async post(request: WebhookRequest, signal: AbortSignal): Promise<Attempt> {
    if (targetFault(request.url, this.#policy) !== null) return REFUSED
    const span = this.#tracing.start(spanOf(request.url))
    const { headers } = request
    const traced = span ? { ...request, headers: { ...headers, traceparent: span.traceparent } } : request
    const attempt = await this.#post(traced, signal)
    span?.end(endOf(attempt))
    return attempt
  }

  async #post(request: WebhookRequest, signal: AbortSignal): Promise<Attempt> {
    const stop = AbortSignal.any([signal, this.#closing.signal])
    const timeout = AbortSignal.timeout(this.#timeoutMs)
    const requests: ClientRequest[] = []
    try {
      return await this.#attempt(request, AbortSignal.any([stop, timeout]), requests)
    } catch (error) {
      stop.throwIfAborted()
      const unsure = requests.some(({ writableFinished }) => writableFinished)
      return { kind: 'fault', fault: timeout.aborted ? 'timeout' : faultOf(error), unsure }
    }
  }

  close(): void {
    this.#closing.abort(new Error('no more webhooks are sent'))
    this.#http.destroy()
    this.#https.destroy()
  }

  async #attempt(request: WebhookRequest, signal: AbortSignal, requests: ClientRequest[]): Promise<Attempt> {
    const open = (reuse: boolean): ClientRequest => {
      const opened = this.#open(request, signal, reuse)
      requests.push(opened)
      return opened
    }
    const sent = open(!request.once)
    try {
      return await answerTo(sent, request)
    } catch (error) {
      // The receiver closed an idle connection while we took it; nothing was answered, and the id makes it safe.
      const stale = sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error)) && !signal.aborted
      if (!stale) throw error
      return await answerTo(open(false), request)
    }
  }

  #open({ url, headers, body }: WebhookRequest, signal: AbortSignal, reuse: boolean): ClientRequest {
    const target = new URL(url)
    const secure = target.protocol === 'https:'
    const agent = secure ? this.#https : this.#http
    return (secure ? httpsRequest : httpRequest)(target, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: reuse ? agent : false,
      lookup: this.#lookup,
      signal,
    })
  }
}

const answerTo = async (sent: ClientRequest, { body, now }: WebhookRequest): Promise<Attempt> => {
  const answered = new Promise<IncomingMessage>((done, fail) => {
    sent.once('response', done)
    sent.on('error', fail)
    sent.once('close', () => fail(new Error('the connection was closed without an answer')))
  })
  sent.end(body)
  const answer = await answered
  const { statusCode: status = 0, headers } = answer
  await drain(answer)
  return { kind: 'answered', status, retryAfterMs: retryAfterMs(headers['retry-after'], now) }
}
