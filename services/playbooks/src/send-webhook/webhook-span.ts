import type { SpanEnd, SpanStart } from '@banso/platform'
import type { Attempt } from '../domain/delivery.ts'

const CLIENT_FAULT = 400

/** Names the target by its host alone: what stands behind it may be secret. */
export const spanOf = (url: string): SpanStart => ({
  name: 'POST',
  kind: 'client',
  attributes: { 'http.request.method': 'POST', 'server.address': new URL(url).hostname },
})

export const endOf = (attempt: Attempt): SpanEnd => {
  switch (attempt.kind) {
    case 'obstacle':
      return { fault: attempt.obstacle }
    case 'fault':
      return { fault: attempt.fault }
    case 'answered': {
      const { status } = attempt
      const attributes = { 'http.response.status_code': status }
      return status < CLIENT_FAULT ? { attributes } : { attributes, fault: String(status) }
    }
    default:
      return attempt satisfies never
  }
}
