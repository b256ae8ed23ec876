import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

// Keys as KeyObject: from a Buffer, Node makes one anew at each call, at six times the cost.

/** Encrypts with a nonce given: cipher text and tag. */
export const encrypt = (key: KeyObject, nonce: Buffer, plain: Buffer): Buffer => {
  const cipher = createCipheriv(CIPHER, key, nonce)
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws when the key is another one or a bit was changed. */
export const decrypt = (key: KeyObject, nonce: Buffer, sealed: Buffer): Buffer => {
  const end = sealed.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(end))
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()])
}

export const makeDataKey = (): Buffer => randomBytes(KEY_BYTES)

/** BANSO_MASTER_KEY: wraps data keys and secrets, as nonce (12 bytes), cipher text, tag (16 bytes). */
export class MasterKey {
  readonly #key: KeyObject

  /** `key`: base64 of 32 bytes. */
  constructor(key: string) {
    const bytes = Buffer.from(key, 'base64')
    if (bytes.length !== KEY_BYTES) throw new RangeError('the master key is not 32 bytes')
    this.#key = createSecretKey(bytes)
  }

  wrap(plain: Buffer): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    return Buffer.concat([nonce, encrypt(this.#key, nonce, plain)])
  }

  /** Throws when it was wrapped by another master key. */
  unwrap(wrapped: Buffer): Buffer {
    return decrypt(this.#key, wrapped.subarray(0, NONCE_BYTES), wrapped.subarray(NONCE_BYTES))
  }
}
