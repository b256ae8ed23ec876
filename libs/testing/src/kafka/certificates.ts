// Certificates for brokers and clients of tests: X.509 by hand, because node:crypto reads them and makes none.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** Both in PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
}

/** Tags of DER. */
const [BOOLEAN, INTEGER, BITS, OCTETS, OID, UTF8, UTC_TIME, SEQUENCE, SET] = [1, 2, 3, 4, 6, 12, 23, 48, 49]
const EXPLICIT = 0xa0
const ALT_DNS = 0x82
const ALT_IP = 0x87

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  const { length } = body
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), body])
}

const bytes = (...values: readonly number[]): Buffer => Buffer.from(values)
const oid = (hex: string): Buffer => der(OID, Buffer.from(hex, 'hex'))

const COMMON_NAME = oid('550403')
const ECDSA_SHA256 = der(SEQUENCE, oid('2a8648ce3d040302'))
const BASIC_CONSTRAINTS = oid('551d13')
const ALT_NAMES = oid('551d11')

const DAY_MS = 86_400_000

const nameOf = (common: string): Buffer =>
  der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(common)))))

const timeOf = (ms: number): Buffer =>
  der(UTC_TIME, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))

const altNameOf = (host: string): Buffer =>
  isIPv4(host) ? der(ALT_IP, bytes(...host.split('.').map(Number))) : der(ALT_DNS, Buffer.from(host))

const extensionsOf = (hosts: readonly string[], signsOthers: boolean): Buffer[] => [
  ...(signsOthers
    ? [der(SEQUENCE, BASIC_CONSTRAINTS, der(BOOLEAN, bytes(255)), der(OCTETS, der(SEQUENCE, der(BOOLEAN, bytes(255)))))]
    : []),
  ...(hosts.length > 0 ? [der(SEQUENCE, ALT_NAMES, der(OCTETS, der(SEQUENCE, ...hosts.map(altNameOf))))] : []),
]

interface Subject {
  readonly name: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly hosts: readonly string[]
  readonly signsOthers: boolean
}

const certificateOf = ({ name, issuer, publicKey, hosts, signsOthers }: Subject, signer: KeyObject): string => {
  const extensions = extensionsOf(hosts, signsOthers)
  const content = der(
    SEQUENCE,
    der(EXPLICIT, der(INTEGER, bytes(2))),
    der(INTEGER, bytes(1), randomBytes(8)),
    ECDSA_SHA256,
    nameOf(issuer),
    der(SEQUENCE, timeOf(Date.now() - DAY_MS), timeOf(Date.now() + DAY_MS)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [der(EXPLICIT + 3, der(SEQUENCE, ...extensions))] : []),
  )
  const whole = der(SEQUENCE, content, ECDSA_SHA256, der(BITS, bytes(0), sign('sha256', content, signer)))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

/** Who signs certificates, for a day. */
export class TestAuthority {
  readonly #name: string
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  /** Its own, in PEM. */
  readonly certificate: string

  constructor(name: string) {
    this.#name = name
    const { publicKey, privateKey } = this.#keys
    this.certificate = certificateOf({ name, issuer: name, publicKey, hosts: [], signsOthers: true }, privateKey)
  }

  /** `hosts`: names and IPv4 addresses that a server is reached by. */
  issue(name: string, hosts: readonly string[] = []): Certified {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const subject = { name, issuer: this.#name, publicKey, hosts, signsOthers: false }
    return { certificate: certificateOf(subject, this.#keys.privateKey), key: pemOf(privateKey) }
  }
}
