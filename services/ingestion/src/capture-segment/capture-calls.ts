import type { SegmentCall, SegmentCallType } from '@banso/contracts'
import { type Clock, ProblemError, type Tracing } from '@banso/platform'
import { randomUUID } from 'node:crypto'
import type { Intake } from '../accept-events/intake.ts'
import type { IntakeMetrics } from '../accept-events/intake-metrics.ts'
import { isJsonObject, type JsonObject } from '../domain/json-value.ts'
import { callKey } from '../domain/received.ts'
import { rawHeaders, type RawRecord } from '../domain/record-copy.ts'
import { type CallContext, checkCall } from '../domain/segment-call.ts'
import { writeKeyOfHeader } from '../domain/write-key.ts'
import type { KnownSenders } from '../know-senders/known-senders.ts'
import type { MarkedJson } from '../serve-capture/json-body.ts'
import type { KeyHolder } from '../store/credentials.ts'

/** What became of one event, in the order in which they were sent. */
export interface CallResult {
  /** Made by us where the event had none; such an event cannot be recognised when it is sent again. */
  readonly messageId: string | null
  readonly status: 'accepted' | 'rejected'
  readonly code?: string
  readonly message?: string
  /** JSON pointer within the body. */
  readonly pointer?: string
}

export interface CapturedCalls {
  readonly holder: KeyHolder
  readonly results: readonly CallResult[]
}

/** Segment's calls → the raw log. Every event of a request is judged by itself. */
export class CaptureCalls {
  constructor(
    private readonly senders: KnownSenders,
    private readonly intake: Intake,
    private readonly metrics: IntakeMetrics,
    private readonly clock: Clock,
    private readonly tracing: Tracing,
  ) {}

  /** The write key is that of the header, else the body's own. */
  async call(type: SegmentCallType, authorization: string | undefined, body: MarkedJson): Promise<CapturedCalls> {
    const holder = await this.#holder(authorization, body.json)
    return this.#take([body.json], '', { type, badBytes: body.badBytes }, holder)
  }

  async batch(authorization: string | undefined, { json: body, badBytes }: MarkedJson): Promise<CapturedCalls> {
    const holder = await this.#holder(authorization, body)
    const calls = isJsonObject(body) ? body['batch'] : undefined
    if (!isJsonObject(body) || !Array.isArray(calls))
      throw new ProblemError({
        code: 'BATCH_MISSING',
        status: 400,
        detail: 'the body is an object whose field `batch` is a list of calls',
        pointer: '/batch',
      })
    return this.#take(withContext(calls, body['context']), '/batch', { sentAt: body['sentAt'], badBytes }, holder)
  }

  #holder(authorization: string | undefined, body: unknown): Promise<KeyHolder> {
    const own = isJsonObject(body) ? body['writeKey'] : undefined
    return this.senders.keyHolder(writeKeyOfHeader(authorization) ?? (typeof own === 'string' ? own : undefined))
  }

  async #take(
    calls: readonly unknown[],
    parent: string,
    more: Pick<CallContext, 'type' | 'sentAt' | 'badBytes'>,
    holder: KeyHolder,
  ): Promise<CapturedCalls> {
    const receivedAt = this.clock.now()
    const traceparent = this.tracing.active
    const context = { ...more, receivedAt, keyKind: holder.kind, newMessageId: randomUUID }
    const records: RawRecord[] = []
    const results = calls.map((call, at): CallResult => {
      const checked = checkCall(call, context)
      if (checked.accepted) {
        records.push(recordOf(checked, holder, { receivedAt, traceparent }))
        return { messageId: checked.call.messageId, status: 'accepted' }
      }
      const { code, message, pointer } = checked.rejection
      this.metrics.countRejected(code)
      const place = parent === '' ? pointer : `${parent}/${at}${pointer}`
      return { messageId: checked.messageId ?? null, status: 'rejected', code, message, pointer: place }
    })
    if (records.length > 0) await this.intake.accept(records)
    this.metrics.countAccepted(records.length)
    return { holder, results }
  }
}

// Segment lets a batch say once what holds for all of its calls.
const withContext = (calls: readonly unknown[], context: unknown): readonly unknown[] => {
  if (!isJsonObject(context)) return calls
  return calls.map((call) => (isJsonObject(call) ? ({ context, ...call } satisfies JsonObject) : call))
}

const recordOf = (
  { call, json }: { call: SegmentCall; json: string },
  { source, namespace, kind }: KeyHolder,
  { receivedAt, traceparent }: { readonly receivedAt: Date; readonly traceparent: string | undefined },
): RawRecord => {
  const origin = JSON.stringify({ receivedAt: receivedAt.toISOString(), source, namespace, keyKind: kind })
  return {
    key: callKey(source, call),
    value: Buffer.from(`${origin.slice(0, -1)},"call":${json}}`),
    headers: rawHeaders('ingestion.segment-call-received.v1', new Date(call.timestamp), traceparent),
  }
}
