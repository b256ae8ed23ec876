import { BansoError } from '@banso/platform'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const SECRET_BYTES = 32

/** A new secret of Standard Webhooks' form. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`

export class SecretNotOpenedError extends BansoError {
  override readonly code = 'SECRET_NOT_OPENED'

  constructor(owner: string, cause: unknown) {
    super(`the webhook secret of ${owner} does not open with this BANSO_MASTER_KEY`, { cause })
  }
}

/** AES-256-GCM by the master key. `owner` is bound to what is sealed: it opens for no other. */
export class SecretBox {
  readonly #key: Buffer

  /** `masterKey`: base64 of 32 bytes. */
  constructor(masterKey: string) {
    this.#key = Buffer.from(masterKey, 'base64')
  }

  /** Nonce, cipher text and tag. */
  seal(secret: string, owner: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(owner))
    return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }

  /** SecretNotOpenedError when it was sealed by another key or for another owner. */
  open(sealed: Buffer, owner: string): string {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner))
      .setAuthTag(sealed.subarray(-TAG_BYTES))
    try {
      return decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    } catch (cause) {
      throw new SecretNotOpenedError(owner, cause)
    }
  }
}
