import { createSecretKey } from 'node:crypto'
import { decrypt } from './master-key.ts'

/** The form of a `sealed` field: nonce (12 bytes), and cipher text with tag, in base64. */
export interface SealedFields {
  readonly nonce: string
  readonly data: string
}

/** The fields that were sealed under the subject's data key (32 bytes). Throws when it is another key's, or was changed. */
export const unseal = ({ nonce, data }: SealedFields, dataKey: Buffer): Record<string, unknown> => {
  const plain = decrypt(createSecretKey(dataKey), Buffer.from(nonce, 'base64'), Buffer.from(data, 'base64'))
  const fields: unknown = JSON.parse(plain.toString('utf8'))
  return typeof fields === 'object' && fields !== null ? { ...fields } : {}
}
