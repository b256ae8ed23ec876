import type { InputFault } from '../errors.ts'

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/** An answer by RFC 9457. `type` stays `about:blank`: `code` is what programs compare. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly errors?: readonly InputFault[]
}

const CODES: Readonly<Record<number, string>> = {
  400: 'REQUEST_INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  410: 'GONE',
  413: 'BODY_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'MEDIA_TYPE_UNSUPPORTED',
  422: 'UNPROCESSABLE',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEADERS_TOO_LARGE',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}

/** The code of a status that nothing more exact is known of. */
export const codeOfStatus = (status: number): string => CODES[status] ?? (status < 500 ? 'REQUEST_REFUSED' : 'INTERNAL')
