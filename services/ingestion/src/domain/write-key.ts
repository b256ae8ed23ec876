import { hash, randomBytes } from 'node:crypto'

const KEY_BYTES = 24 // 192 random bits

/** A new write key: shown once, kept as its digest. */
export const makeWriteKey = (): string => randomBytes(KEY_BYTES).toString('base64url')

/** What is kept of a write key: SHA-256, base64. */
export const writeKeyDigest = (writeKey: string): string => hash('sha256', writeKey, 'base64')

/** The write key of `Authorization: Basic` (the user name, as Segment's SDKs send it); undefined without one. */
export const writeKeyOfHeader = (authorization: string | undefined): string | undefined => {
  const credentials = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (credentials === undefined) return undefined
  const [user = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1)
  return user === '' ? undefined : user
}
