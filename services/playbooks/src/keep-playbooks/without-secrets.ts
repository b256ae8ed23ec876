import { hash } from 'node:crypto'
import { maskedUrl } from '../domain/mail-address.ts'

/** Tells one URL from another, and says nothing of it. */
const fingerprint = (url: string): string => hash('sha256', url).slice(0, 8)

/** A playbook's document as people are shown it: of the URLs of Slack, which are secrets, the host and a fingerprint. */
export const withoutSecrets = (part: unknown): unknown => {
  if (Array.isArray(part)) return part.map(withoutSecrets)
  if (typeof part !== 'object' || part === null) return part
  const shown = Object.entries(part).map(([name, value]: [string, unknown]) => [name, withoutSecrets(value)])
  if (!('kind' in part && part.kind === 'slack' && 'url' in part && typeof part.url === 'string'))
    return Object.fromEntries(shown)
  const { url } = part
  return Object.fromEntries([...shown, ['url', `${maskedUrl(url)}#${fingerprint(url)}`]])
}
