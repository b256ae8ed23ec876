import { ProblemError } from '@banso/platform'
import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** Bytes of a request's body, packed or not: Segment's limit for a batch. */
export const MAX_BODY_BYTES = 512_000

const unzip = promisify(gunzip)

const refused = (status: number, code: string, detail: string, cause?: unknown) =>
  new ProblemError({ status, code, detail }, { cause })

/** The bytes of a body, unpacked where the client packed them. */
export const plainBody = async (body: unknown, encoding: string | undefined): Promise<Buffer> => {
  if (!(body instanceof Buffer) || body.length === 0) throw refused(400, 'JSON_INVALID', 'the body is empty')
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body
  if (encoding !== 'gzip')
    throw refused(415, 'ENCODING_UNSUPPORTED', 'a body may be packed by gzip, and by nothing else')
  try {
    return await unzip(body, { maxOutputLength: MAX_BODY_BYTES })
  } catch (fault) {
    if (codeOf(fault) === 'ERR_BUFFER_TOO_LARGE')
      throw refused(413, 'BODY_TOO_LARGE', 'the unpacked body is larger than this route takes', fault)
    throw refused(400, 'ENCODING_INVALID', 'the body is not what gzip makes', fault)
  }
}

const codeOf = (fault: unknown): unknown =>
  typeof fault === 'object' && fault !== null && 'code' in fault ? fault.code : undefined

/** JSON of any depth: V8 parses without recursion. Duplicate keys: the last one counts. */
export const parseJson = (body: Buffer): unknown => {
  if (!isUtf8(body)) throw notUtf8()
  return parsed(body.toString('utf8'))
}

export interface MarkedJson {
  readonly json: unknown
  /** Stands in texts and names where bytes were no UTF-8; made for this body alone, so that no client can write it. */
  readonly badBytes?: string
}

/** As `parseJson`, but bytes in a text that are no UTF-8 are marked, so that they cost only the event that holds them. */
export const parseMarked = (body: Buffer): MarkedJson => {
  if (isUtf8(body)) return { json: parsed(body.toString('utf8')) }
  // Its first character may neither follow a backslash nor be a digit of `\u`: such JSON stays broken.
  const badBytes = `!${randomUUID()}`
  const kept = randomUUID()
  // Decoding puts U+FFFD where bytes are bad: what the client itself wrote as U+FFFD steps aside meanwhile.
  const ours = Buffer.from(body.toString('latin1').replaceAll(REPLACEMENT_BYTES, kept), 'latin1')
  const text = ours.toString('utf8').replaceAll(REPLACEMENT, badBytes).replaceAll(kept, REPLACEMENT)
  try {
    return { json: JSON.parse(text), badBytes }
  } catch {
    throw notUtf8()
  }
}

const REPLACEMENT = '\uFFFD'
const REPLACEMENT_BYTES = Buffer.from(REPLACEMENT).toString('latin1')

const notUtf8 = () => refused(400, 'UTF8_INVALID', 'the body is not valid UTF-8')

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw refused(400, 'JSON_INVALID', 'the body is not valid JSON')
  }
}
