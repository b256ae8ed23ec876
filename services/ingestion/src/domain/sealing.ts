import type { Sealed } from '@banso/contracts'
import { encrypt } from '@banso/platform'
import { hash, type KeyObject } from 'node:crypto'
import type { JsonObject } from './json-value.ts'

/** Where a record stands in the raw log. */
export interface RawPosition {
  readonly logId: string
  readonly partition: number
  readonly offset: number
}

/**
 * Personal fields under the subject's data key. The nonce follows from the place in the raw log and the slot: sealing the
 * same record again gives the same bytes, and no two sealings share a nonce.
 */
export const seal = (
  personal: JsonObject,
  { subject, key }: { subject: string; key: KeyObject },
  { logId, partition, offset }: RawPosition,
  slot: number,
): Sealed => {
  const nonce = hash('sha256', `${logId}/${partition}/${offset}/${slot}`, 'buffer').subarray(0, 12)
  const data = encrypt(key, nonce, Buffer.from(JSON.stringify(personal)))
  return { subject, nonce: nonce.toString('base64'), data: data.toString('base64') }
}
