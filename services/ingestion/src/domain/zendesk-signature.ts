import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseInstant } from './event-time.ts'

/** How far the signature's time may be from ours. */
const SIGNATURE_TOLERANCE_MS = 300_000

export interface SignedRequest {
  readonly body: Buffer
  /** `X-Zendesk-Webhook-Signature` */
  readonly signature: string | undefined
  /** `X-Zendesk-Webhook-Signature-Timestamp`, ISO 8601. */
  readonly timestamp: string | undefined
}

export type SignatureFault = 'SIGNATURE_MISSING' | 'SIGNATURE_STALE' | 'SIGNATURE_INVALID'

/** base64 of HMAC-SHA256 over timestamp and raw body. */
export const zendeskSignature = (secret: string, timestamp: string, body: Buffer): string =>
  createHmac('sha256', secret).update(timestamp).update(body).digest('base64')

/** What is wrong with the signature; undefined when it is Zendesk's. */
export const signatureFault = (request: SignedRequest, secret: string, now: Date): SignatureFault | undefined => {
  const { body, signature, timestamp } = request
  if (!signature || !timestamp) return 'SIGNATURE_MISSING'
  const expected = Buffer.from(zendeskSignature(secret, timestamp, body))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'SIGNATURE_INVALID'
  const signedAt = parseInstant(timestamp)
  const age = signedAt ? Math.abs(now.getTime() - signedAt.getTime()) : Number.POSITIVE_INFINITY
  return age > SIGNATURE_TOLERANCE_MS ? 'SIGNATURE_STALE' : undefined
}
