// The `banso` commands that a page names, in its text and in its blocks, held against the table of commands.
import { buildProgram } from '../../services/cli/src/program.ts'

type Command = ReturnType<typeof buildProgram>

/** What stands for something of the reader's, or for whatever may follow. */
const isOpen = (word: string): boolean => /^[$<]|…/.test(word)

const BLOCK = /^\s*```(\w*)\n([^]*?)^\s*```/gm
const DOCKER = 'docker compose run --rm (?:-v \\S+ )?'
const INLINE = new RegExp(`^(?:npx |${DOCKER})?banso (.+)$`)
const IN_A_LINE = new RegExp(`(?:^\\s*\\$ |npx |${DOCKER})banso ([^|;#&)]+)`)

/** The words after `banso` of each command that a page names. */
export const bansoCommands = (text: string): string[] => {
  const blocks = [...text.matchAll(BLOCK)].filter(([, language]) => language === 'sh' || language === 'console')
  const inBlocks = blocks.flatMap(([, , body = '']) =>
    body.split('\n').flatMap((line) => IN_A_LINE.exec(line)?.[1]?.trim() ?? []),
  )
  const inline = [...text.replaceAll(BLOCK, '').matchAll(/`([^`]+)`/g)].flatMap(
    ([, code = '']) => INLINE.exec(code.replaceAll(/\s+/g, ' '))?.[1] ?? [],
  )
  return [...inBlocks, ...inline]
}

const choiceFault = (value: string, choices: readonly string[] | undefined): string | undefined =>
  choices === undefined || isOpen(value) || choices.includes(value)
    ? undefined
    : `${value} is none of ${choices.join(', ')}`

const table = buildProgram({ environment: {}, folder: '/', out: () => undefined, err: () => undefined })

const pathTo = (command: Command): Command[] => [command, ...(command.parent === null ? [] : pathTo(command.parent))]
const nameOf = (command: Command): string =>
  pathTo(command)
    .map((one) => one.name())
    .toReversed()
    .join(' ')

/** What is wrong with the words after `banso`; undefined: nothing. */
export const faultInCommand = (line: string): string | undefined => {
  const words = line.replaceAll(/[[\]]/g, '').match(/'[^']*'|"[^"]*"|<[^>]*>|\S+/g) ?? []
  let command: Command = table
  let place = 0
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '…') return undefined
    const deeper = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (word.startsWith('-') && word !== '--help') {
      const option = pathTo(command)
        .flatMap(({ options }) => options)
        .find(({ short, long }) => short === word || long === word)
      if (!option) return `${nameOf(command)} has no ${word}`
      if (!option.required) continue
      const value = words[(at += 1)]
      if (value === undefined) return `${word} wants a value`
      const fault = choiceFault(value, option.argChoices)
      if (fault !== undefined) return `${word}: ${fault}`
    } else if (deeper) command = deeper
    else if (word !== '--help') {
      if (command.commands.length > 0) return `${nameOf(command)} has no ${word}`
      const argument = command.registeredArguments[place]
      if (!argument) return `${nameOf(command)} takes no ${word}`
      const fault = choiceFault(word, argument.argChoices)
      if (fault !== undefined) return `${nameOf(command)}: ${fault}`
      if (!argument.variadic) place += 1
    }
  }
  return undefined
}
