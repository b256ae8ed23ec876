// Imports nothing of ours: the launcher, which runs before anything is built, reads it, too.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import Type, { type Static, type TObject, type TProperties } from 'typebox'

const holds = (check: (text: string) => unknown) => (text: string) => {
  try {
    check(text)
    return true
  } catch {
    return false
  }
}

/** One certificate or several, one below the other. */
const Certificates = Type.Refine(
  Type.String(),
  holds((pem) => new X509Certificate(pem)),
  () => 'must be a certificate in PEM, -----BEGIN CERTIFICATE----- and the rest',
)

const PrivateKey = Type.Refine(
  Type.String(),
  holds((pem) => createPrivateKey(pem)),
  () => 'must be a private key in PEM, without a password of its own',
)

export const kafkaSettings = {
  /** `host:port`, separated by commas. */
  KAFKA_BROKERS: Type.Optional(Type.String({ minLength: 1 })),
  KAFKA_TLS: Type.Boolean({ default: false }),
  /** Who signed the brokers' certificates, where Node does not know it already. */
  KAFKA_TLS_CA: Type.Optional(Certificates),
  /** Ours, where the brokers ask for one. */
  KAFKA_TLS_CERT: Type.Optional(Certificates),
  KAFKA_TLS_KEY: Type.Optional(PrivateKey),
  KAFKA_SASL_MECHANISM: Type.Optional(
    Type.Union([Type.Literal('plain'), Type.Literal('scram-sha-256'), Type.Literal('scram-sha-512')]),
  ),
  KAFKA_USERNAME: Type.Optional(Type.String({ minLength: 1 })),
  KAFKA_PASSWORD: Type.Optional(Type.String({ minLength: 1 })),
}

const KafkaSettings = Type.Object(kafkaSettings)
export type KafkaSettings = Static<typeof KafkaSettings>

/** Texts in PEM. Without `ca`, what Node trusts. */
export interface KafkaTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

type Mechanism = NonNullable<KafkaSettings['KAFKA_SASL_MECHANISM']>

export type KafkaUser = {
  [M in Mechanism]: { readonly mechanism: M; readonly username: string; readonly password: string }
}[Mechanism]

/** How the brokers are spoken to: in plain text as nobody where neither is given. */
export interface KafkaSecurity {
  readonly tls?: KafkaTls
  readonly sasl?: KafkaUser
}

const belongTogether = ({ KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key }: KafkaSettings): boolean =>
  cert === undefined || key === undefined || new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))

/** What the settings must be to each other, and what is said where they are not. */
const rules: readonly (readonly [(settings: KafkaSettings) => boolean, string])[] = [
  [
    (given) =>
      given.KAFKA_SASL_MECHANISM === undefined ||
      (given.KAFKA_USERNAME !== undefined && given.KAFKA_PASSWORD !== undefined),
    'KAFKA_SASL_MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD beside it',
  ],
  [
    (given) =>
      given.KAFKA_SASL_MECHANISM !== undefined ||
      (given.KAFKA_USERNAME === undefined && given.KAFKA_PASSWORD === undefined),
    'KAFKA_USERNAME and KAFKA_PASSWORD need KAFKA_SASL_MECHANISM beside them: plain, scram-sha-256 or scram-sha-512',
  ],
  [
    (given) => (given.KAFKA_TLS_CERT === undefined) === (given.KAFKA_TLS_KEY === undefined),
    'KAFKA_TLS_CERT and KAFKA_TLS_KEY need each other',
  ],
  [belongTogether, 'KAFKA_TLS_KEY is not the key of the certificate KAFKA_TLS_CERT'],
  [
    (given) =>
      given.KAFKA_TLS ||
      [given.KAFKA_TLS_CA, given.KAFKA_TLS_CERT, given.KAFKA_TLS_KEY].every((text) => text === undefined),
    'KAFKA_TLS_CA, KAFKA_TLS_CERT and KAFKA_TLS_KEY need KAFKA_TLS=true beside them',
  ],
]

const brokenRules = (settings: KafkaSettings): string[] =>
  rules.filter(([isKept]) => !isKept(settings)).map(([, words]) => words)

/** The schema of a service that spreads `kafkaSettings`, with what these settings must be to each other. */
export const withKafkaRules = <P extends TProperties>(schema: TObject<P>) =>
  Type.Refine<TObject<P>, KafkaSettings>(
    schema,
    (settings) => brokenRules(settings).length === 0,
    (settings) => brokenRules(settings).join('; '),
  )

export const kafkaSecurity = (settings: Partial<KafkaSettings>): KafkaSecurity => {
  const { KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key } = settings
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = settings
  return {
    ...(settings.KAFKA_TLS && {
      tls: { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) },
    }),
    ...(mechanism !== undefined &&
      username !== undefined &&
      password !== undefined && { sasl: { mechanism, username, password } }),
  }
}

/** What is to be said at the start of how the brokers are spoken to; undefined: nothing. */
export const securityWarning = ({ tls, sasl }: KafkaSecurity): string | undefined =>
  sasl === undefined || tls !== undefined
    ? undefined
    : `Kafka is spoken to without TLS: ${
        sasl.mechanism === 'plain' ? 'the password and ' : ''
      }every record can be read on the way; set KAFKA_TLS=true`
