import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TestAuthority } from './certificates.ts'

export interface SecuredPorts {
  /** Plain text, as nobody, who may do everything. */
  readonly plain: number
  readonly controller: number
  /** TLS, and a user by PLAIN or SCRAM. */
  readonly users: number
  /** TLS with a certificate of the client. */
  readonly certificates: number
}

export interface SecuredListeners {
  /** Who signed the broker's certificate, and signs those of clients. */
  readonly authority: TestAuthority
  readonly user: { readonly username: string; readonly password: string }
  /** For `startBroker`. */
  readonly scramUsers: readonly string[]
  readonly properties: Readonly<Record<string, string>>
}

const SASL = 'org.apache.kafka.common.security'
/** kafkajs renews a session 10 s before its end; Kafka refuses to renew one of less than a second. */
const RENEWED_BEFORE_MS = 10_000
/** After so long, kafkajs renews the session of a user by its next request. */
export const RENEWED_AFTER_MS = 1_500

/** A broker's listeners of each kind, on the loopback interface; certificates are written into `folder`. */
export const securedListeners = (ports: SecuredPorts, folder: string): SecuredListeners => {
  const authority = new TestAuthority('an authority of a test')
  const { certificate, key } = authority.issue('kafka', ['localhost', '127.0.0.1'])
  const [keyStore, trustStore] = [join(folder, 'kafka.pem'), join(folder, 'authority.pem')]
  writeFileSync(keyStore, `${key}${certificate}`, { mode: 0o600 })
  writeFileSync(trustStore, authority.certificate)
  const user = { username: 'banso', password: 'a-password-of-a-test' }
  const listeners = [
    `PLAINTEXT://127.0.0.1:${ports.plain}`,
    `USERS://127.0.0.1:${ports.users}`,
    `CERTIFICATES://127.0.0.1:${ports.certificates}`,
    `CONTROLLER://localhost:${ports.controller}`,
  ].join(',')
  return {
    authority,
    user,
    scramUsers: [`SCRAM-SHA-512=[name=${user.username},password=${user.password}]`],
    properties: {
      listeners,
      'advertised.listeners': listeners,
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,USERS:SASL_SSL,CERTIFICATES:SSL',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keyStore,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': trustStore,
      'listener.name.certificates.ssl.client.auth': 'required',
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
      'listener.name.users.plain.sasl.jaas.config': `${SASL}.plain.PlainLoginModule required user_${user.username}="${user.password}";`,
      'listener.name.users.scram-sha-512.sasl.jaas.config': `${SASL}.scram.ScramLoginModule required;`,
      'connections.max.reauth.ms': String(RENEWED_AFTER_MS + RENEWED_BEFORE_MS),
      'super.users': 'User:ANONYMOUS;User:CN=client',
    },
  }
}
