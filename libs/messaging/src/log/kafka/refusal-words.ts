// Imports nothing of ours but a name, like `kafka-settings.ts`.
import { TLS_SPOKEN_HERE } from './connection.ts'

interface Fault {
  readonly name: string
  readonly type: string
  readonly code: string
  readonly message: string
  /** ` at host:port`, where it is known. */
  readonly where: string
  readonly topic: string | undefined
}

const RIGHTS =
  'Every service needs create, describe, describe configs, read and write on its topics, read on groups, and describe on the cluster'

const NOT_LET_IN = new Set(['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM'])
const NOT_NOW = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'])
const NOT_TRUSTED = new Set([
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** The error, those in it and those that caused it, where kafkajs puts them. */
const faultsIn = (fault: unknown): Fault[] => {
  if (typeof fault !== 'object' || fault === null) return []
  const field = (name: string): unknown => Reflect.get(fault, name)
  const text = (name: string): string => {
    const found = field(name)
    return typeof found === 'string' ? found : ''
  }
  const [topic, broker, errors] = [text('topic'), text('broker'), field('errors')]
  const own = {
    name: text('name'),
    type: text('type'),
    code: text('code'),
    message: text('message'),
    where: broker === '' ? '' : ` at ${broker}`,
    topic: topic === '' ? undefined : topic,
  }
  const inner: readonly unknown[] = Array.isArray(errors) ? errors : []
  return [own, ...inner.flatMap(faultsIn), ...faultsIn(field('cause'))]
}

/** `TOPIC_AUTHORIZATION_FAILED of health.scores.v1` */
const deniedIn = (faults: readonly Fault[]): string[] => {
  const denied = faults.filter(({ type }) => type.endsWith('_AUTHORIZATION_FAILED'))
  return [...new Set(denied.map(({ type, topic }) => (topic === undefined ? type : `${type} of ${topic}`)))]
}

const wordsOf = ({ name, type, code, message, where }: Fault): string | undefined => {
  if (name === 'KafkaJSSASLAuthenticationError' || NOT_LET_IN.has(type))
    return `Kafka does not let us in: ${message}. Are KAFKA_USERNAME and KAFKA_PASSWORD right, and is KAFKA_SASL_MECHANISM one that it offers?`
  if (code === TLS_SPOKEN_HERE) return `Kafka speaks TLS${where}, and we do not: set KAFKA_TLS=true`
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the certificate of Kafka${where} is for another name: name the brokers in KAFKA_BROKERS, and in what they advertise, as their certificates do`
  if (NOT_NOW.has(code))
    return `the certificate of Kafka${where} is not valid now (${code}): renew it, or set this machine's clock right`
  if (NOT_TRUSTED.has(code))
    return `the certificate of Kafka${where} is not trusted (${code}): name who signed it by KAFKA_TLS_CA_FILE`
  if (code === 'ECONNRESET' && message.includes('before secure TLS connection'))
    return `Kafka${where} ends the connection before TLS stands: does it listen without TLS there (KAFKA_TLS=false)?`
  if (code.startsWith('ERR_SSL_'))
    return `Kafka${where} does not take our TLS (${code}): does it want a certificate of ours (KAFKA_TLS_CERT_FILE, KAFKA_TLS_KEY_FILE), by one that it trusts?`
  return undefined
}

/** What Kafka does not allow and the cure, for people; undefined: it is another fault. */
export const refusalWords = (fault: unknown): string | undefined => {
  const faults = faultsIn(fault)
  const denied = deniedIn(faults)
  if (denied.length > 0) return `Kafka refuses us what we need: ${denied.join(', ')}. ${RIGHTS}`
  return faults.map(wordsOf).find((words) => words !== undefined)
}
