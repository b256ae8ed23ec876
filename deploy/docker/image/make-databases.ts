// Before every start, in the image: each service has its database and its role, with the password of its secret. Not Postgres's
// own init scripts, which run only while its volume is empty: a later release may bring a service more.
import { parseConfig, PostgresUrl } from '@banso/platform'
import Type from 'typebox'
import { makeRoles, roleOf } from '../../local/postgres.ts'
import { type Service, services } from '../../local/secrets.ts'

const urlName = (service: Service): string => `${service.toUpperCase()}_DATABASE_URL`

const Settings = Type.Object({
  /** An administrator's, without its password. */
  BANSO_POSTGRES_URL: PostgresUrl,
  POSTGRES_PASSWORD: Type.String({ minLength: 1 }),
  ...Object.fromEntries(services.map((service) => [urlName(service), PostgresUrl])),
})

const passwordIn = (service: Service, text: string): string => {
  const url = new URL(text)
  const role = roleOf(service)
  if (url.username !== role || url.pathname !== `/${role}` || url.password === '')
    throw new Error(`${urlName(service)} must name the user ${role}, its password and the database ${role}`)
  return decodeURIComponent(url.password)
}

try {
  const settings = new Map(Object.entries(parseConfig(Settings, process.env)))
  const admin = new URL(settings.get('BANSO_POSTGRES_URL') ?? '')
  admin.password = encodeURIComponent(settings.get('POSTGRES_PASSWORD') ?? '')
  const passwordOf = (service: Service) => passwordIn(service, settings.get(urlName(service)) ?? '')
  await makeRoles(admin.href, { passwords: new Map(services.map((service) => [service, passwordOf(service)])) })
  console.log(`databases and roles are there: ${services.map((service) => roleOf(service)).join(', ')}`)
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
}
