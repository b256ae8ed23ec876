/** A W3C trace context of version 00: `00-<trace id>-<span id>-<flags>`. */
export interface TraceContext {
  readonly traceId: string
  readonly spanId: string
  readonly flags: number
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

export const SAMPLED = 1

/** Undefined when it is absent or malformed: whoever gets it begins a trace of its own. */
export const parseTraceparent = (text: string | undefined): TraceContext | undefined => {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  return { traceId, spanId, flags: Number.parseInt(flags, 16) }
}

export const formatTraceparent = ({ traceId, spanId, flags }: TraceContext): string =>
  `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`

/** Whether spans of this trace are kept. */
export const isSampled = (traceparent: string | undefined): boolean =>
  ((parseTraceparent(traceparent)?.flags ?? 0) & SAMPLED) === SAMPLED
