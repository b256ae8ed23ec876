import { isJsonObject, type JsonObject } from './json-value.ts'

/** Fields in two halves: what anyone may read, and what travels sealed. */
export interface SplitFields {
  readonly open: JsonObject
  readonly personal: JsonObject
}

// Compared without case, spaces, `_` and `-`.
const words = (text: string): string[] => text.trim().split(/\s+/)
const ADDRESSES = words('address email emailaddress emails mail mobile phone phonenumber phones tel')
const PERSONAL = words(`
  ${ADDRESSES.join(' ')} age avatar avatarurl bio birthday birthdate city dateofbirth displayname dob familyname fax
  firstname fullname gender givenname ip ipaddress lastname middlename nickname photo picture postalcode sex ssn street
  surname username zip zipcode`)
const FREE_TEXT = words('about comment description feedback message note notes title')
const LOCATIONS = words('referrer search url')

const personTraits: ReadonlySet<string> = new Set([...PERSONAL, ...FREE_TEXT, 'name'])
const groupTraits: ReadonlySet<string> = new Set([...PERSONAL, ...FREE_TEXT])
const eventProperties: ReadonlySet<string> = new Set([...PERSONAL, ...LOCATIONS])
const pageProperties: ReadonlySet<string> = new Set([...eventProperties, 'title'])
const addresses: ReadonlySet<string> = new Set(ADDRESSES)

const normal = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '')

// Linear in the text's length: each part stops at the next `@`.
const MAIL = /[^\s@]@[^\s@]+\.[^\s@]/
const MAILS = /[^\s@,;:<>()"']+@[^\s@]+\.[^\s@,;:<>()"']+/g

/** An event's or page's name is always open: an e-mail address in it is taken out. */
export const withoutMailAddress = (text: string): string =>
  MAIL.test(text) ? text.replaceAll(MAILS, '(e-mail address)').replace(MAIL, '(e-mail address)') : text

/** Traits of a person; a company within them is judged as a company. */
export const splitPersonTraits = (traits: JsonObject): SplitFields => split(traits, personTraits)
/** Traits of a company: its name is open. */
export const splitGroupTraits = (traits: JsonObject): SplitFields => split(traits, groupTraits)
export const splitEventProperties = (properties: JsonObject): SplitFields => split(properties, eventProperties)

/** Of a page, its path stays; address, referrer and title may tell whose page it is. */
export const splitPageProperties = (properties: JsonObject): SplitFields => {
  const { open, personal } = split(properties, pageProperties)
  const path = 'path' in open || 'path' in personal ? undefined : pathOf(properties['url'])
  return { open: path === undefined ? open : { ...open, path }, personal }
}

/** What a public key says of a person may not become an address that actions use. */
export const withoutAddresses = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !addresses.has(normal(name)))
      .map(([name, value]) => [name, isJsonObject(value) ? withoutAddresses(value) : value]),
  )

const split = (fields: JsonObject, listed: ReadonlySet<string>): SplitFields => {
  const open: [string, unknown][] = []
  const personal: [string, unknown][] = []
  for (const [name, value] of Object.entries(fields)) {
    if (listed.has(normal(name)) || holdsMailAddress(value) || MAIL.test(name)) personal.push([name, value])
    else if (isJsonObject(value)) {
      const inner = split(value, normal(name) === 'company' ? groupTraits : listed)
      if (Object.keys(inner.personal).length > 0) personal.push([name, inner.personal])
      open.push([name, inner.open])
    } else if (Array.isArray(value) && !isOpenList(value, listed)) personal.push([name, value])
    else open.push([name, value])
  }
  return { open: Object.fromEntries(open), personal: Object.fromEntries(personal) }
}

const holdsMailAddress = (value: unknown): boolean =>
  typeof value === 'string' && value.includes('@') && MAIL.test(value)

// A list is open as a whole or not at all.
const isOpenList = (list: readonly unknown[], listed: ReadonlySet<string>): boolean =>
  list.every((element) => {
    if (Array.isArray(element)) return isOpenList(element, listed)
    if (isJsonObject(element)) return Object.keys(split(element, listed).personal).length === 0
    return !holdsMailAddress(element)
  })

const pathOf = (url: unknown): string | undefined => {
  const path = typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname : undefined
  return path === undefined || MAIL.test(decodedPath(path)) ? undefined : path
}

const decodedPath = (path: string): string => path.replaceAll(/%40/gi, '@')
