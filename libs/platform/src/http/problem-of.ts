import { HttpException } from '@nestjs/common'
import { STATUS_CODES } from 'node:http'
import { BansoError, ProblemError } from '../errors.ts'
import { codeOfStatus, type Problem } from './problem.ts'

type Parts = Omit<Problem, 'type' | 'title'>

const INTERNAL: Parts = { status: 500, code: 'INTERNAL', detail: 'something went wrong on our side' }

/** What an error looks like from outside. Of what nobody expected, nothing shows: 500 `INTERNAL`. */
export const problemOf = (fault: unknown): Problem => {
  const parts = partsOf(fault)
  return { type: 'about:blank', title: STATUS_CODES[parts.status] ?? 'Error', ...parts }
}

const partsOf = (fault: unknown): Parts => {
  if (fault instanceof BansoError) return ofBansoError(fault)
  if (fault instanceof HttpException) return ofHttpException(fault)
  return ofParser(fault) ?? INTERNAL
}

// An error of ours without a status says what happened inside: its code helps to find it, its text is not for outside.
const ofBansoError = (fault: BansoError): Parts => {
  if (fault.status >= 500 && fault.status !== 503) return { ...INTERNAL, status: fault.status, code: fault.code }
  const errors = fault instanceof ProblemError ? fault.errors : undefined
  const own = fault.pointer === undefined ? undefined : [{ pointer: fault.pointer, message: fault.message }]
  const shown = errors ?? own
  return { status: fault.status, code: fault.code, detail: fault.message, ...(shown && { errors: shown }) }
}

const ofHttpException = (fault: HttpException): Parts => {
  const parsed = ofParser(fault.cause)
  if (parsed) return parsed
  const status = fault.getStatus()
  if (status >= 500 && status !== 503) return { ...INTERNAL, status }
  // Nest's own 404 repeats the path, and what a path holds may be personal.
  const detail = status === 404 && /^Cannot [A-Z]+ /.test(fault.message) ? 'no such route' : fault.message
  return { status, code: codeOfStatus(status), detail }
}

const PARSER_CODES: Readonly<Record<string, { code: string; detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'BODY_TOO_LARGE', detail: 'the body is larger than this route takes' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'MEDIA_TYPE_UNSUPPORTED', detail: 'the body must be application/json' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'JSON_INVALID', detail: 'the body is empty' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'JSON_INVALID', detail: 'the body is not valid JSON' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'REQUEST_INVALID',
    detail: 'the body is not as long as Content-Length says',
  },
}

// What Fastify says of a request that it could not read. Its texts quote the body; ours do not.
const ofParser = (fault: unknown): Parts | undefined => {
  if (fault instanceof SyntaxError) return { status: 400, code: 'JSON_INVALID', detail: 'the body is not valid JSON' }
  if (!(fault instanceof Error) || !('statusCode' in fault) || typeof fault.statusCode !== 'number') return undefined
  const status = fault.statusCode
  if (status < 400 || status >= 500) return undefined
  const known = 'code' in fault && typeof fault.code === 'string' ? PARSER_CODES[fault.code] : undefined
  return {
    status,
    ...(known ?? { code: codeOfStatus(status), detail: STATUS_CODES[status] ?? 'the request is refused' }),
  }
}
