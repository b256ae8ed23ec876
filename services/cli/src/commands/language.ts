import { type Command, Option } from 'commander'

export interface LanguageOptions {
  readonly lang?: string
}

/** Of what services say in words. */
export const withLanguage = (command: Command): Command =>
  command.addOption(new Option('--lang <language>', 'the language of reasons').choices(['en', 'ja']))
