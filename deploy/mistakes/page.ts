// docs/troubleshooting.md as what tests compare with: each message of its tables' first columns.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const PAGE = join(import.meta.dirname, '../../docs/troubleshooting.md')

/** Every message, as it stands on the page: `…` for what varies. */
export const messages = (): string[] =>
  readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, message = '']) => message))
    .filter((message) => !message.startsWith('banso '))

const escape = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)

/** Throws when the page does not have the message, or `output` does not say it. White space is all the same. */
export const expectSaid = (output: string, message: string): void => {
  if (!messages().includes(message)) throw new Error(`docs/troubleshooting.md has no "${message}"`)
  const pattern = message
    .split('…')
    .map((part) => escape(part.trim()).replaceAll(/\s+/g, String.raw`\s+`))
    .join('[^]*?')
  if (!new RegExp(pattern).test(output)) throw new Error(`"${message}" was not said, but:\n${output}`)
}
