// One address and nothing else: no display name, no list, no quoted part, which mail libraries would take apart.
const ADDRESS = /^[^\s@,;:<>()[\]"'\\]{1,64}@[^\s@,;:<>()[\]"'\\]+\.[^\s@,;:<>()[\]"'\\.]+$/
const LONGEST = 254

export const isMailAddress = (text: string): boolean => text.length <= LONGEST && ADDRESS.test(text)

/** The address in a trait: a text, or an object with an `email`; null when there is none. */
export const addressIn = (trait: unknown): string | null => {
  if (typeof trait === 'string') return isMailAddress(trait.trim()) ? trait.trim() : null
  return typeof trait === 'object' && trait !== null && 'email' in trait && typeof trait.email === 'string'
    ? addressIn(trait.email)
    : null
}

/** An address as people may be shown it: its first character and its domain. */
export const maskedAddress = (address: string): string => {
  const [local = '', domain = ''] = address.split('@')
  return `${local.slice(0, 1)}…@${domain}`
}

/** A URL as people may be shown it: what stands behind the host may be a secret. */
export const maskedUrl = (url: string): string => {
  const parsed = URL.parse(url)
  if (parsed === null) return '…'
  return parsed.pathname === '/' && parsed.search === '' ? parsed.origin : `${parsed.origin}/…`
}
