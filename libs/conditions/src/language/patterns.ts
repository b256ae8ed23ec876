import { RE2JS, RE2JSSyntaxException } from 're2js'
import { limits } from '../limits.ts'

/** A pattern of `re()`, compiled for matching in linear time, or what is wrong with it. */
export const compilePattern = (pattern: string): { readonly compiled: RE2JS } | { readonly problem: string } => {
  if (pattern.length > limits.pattern) {
    return { problem: `a pattern has at most ${limits.pattern} characters, this one has ${pattern.length}` }
  }
  try {
    const compiled = RE2JS.compile(pattern)
    return compiled.programSize() <= limits.patternProgram
      ? { compiled }
      : { problem: 'the pattern is too large: its repetitions multiply to too many states' }
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { problem: `not a pattern of RE2: ${error.message}` }
    return { problem: 'the pattern cannot be compiled' }
  }
}
