import Type from 'typebox'

/**
 * Personal fields, encrypted: AES-256-GCM over a JSON object of the personal fields, with the data key of the subject
 * (a person id, or an account id for an account's own personal traits), wrapped by BANSO_MASTER_KEY.
 */
export const Sealed = Type.Object({
  /** Whose key: a record of `ingestion.person-keys.v1` has it as its key. */
  subject: Type.String({ minLength: 1 }),
  /** 12 bytes, base64. */
  nonce: Type.String({ minLength: 16, maxLength: 16 }),
  /** Cipher text and 16 bytes of tag, base64. */
  data: Type.String({ minLength: 1 }),
})
export type Sealed = Type.Static<typeof Sealed>
