import Type from 'typebox'

export const Sealed = Type.Object(
  {
    subject: Type.With(Type.String({ minLength: 1 }), {
      description: 'Whose key: a record of `ingestion.person-keys.v1` has it as its key.',
    }),
    nonce: Type.With(Type.String({ minLength: 16, maxLength: 16 }), { description: '12 bytes, base64.' }),
    data: Type.With(Type.String({ minLength: 1 }), { description: 'Cipher text and 16 bytes of tag, base64.' }),
  },
  {
    description:
      'Personal fields, encrypted: AES-256-GCM over a JSON object of them, with the data key of the subject (a person id, ' +
      "or an account id for an account's own personal traits), wrapped by BANSO_MASTER_KEY.",
  },
)
export type Sealed = Type.Static<typeof Sealed>
