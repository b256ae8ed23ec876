export interface LoggedFault {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  readonly cause?: LoggedFault
}

const MAX_DEPTH = 5

// SQLSTATE class 22 (data exception) quotes the value, and so does a parser's SyntaxError.
const quotesData = (fault: Error, code: string | undefined): boolean =>
  fault instanceof SyntaxError || (code !== undefined && /^22\w{3}$/.test(code))

const codeOf = (fault: Error): string | undefined => {
  if ('code' in fault && typeof fault.code === 'string') return fault.code
  return 'driverError' in fault && fault.driverError instanceof Error ? codeOf(fault.driverError) : undefined
}

/**
 * An error as a log may show it: no fields of its own but the code (a database error's `detail` and `parameters` hold
 * rows), and no message that quotes data.
 */
export const faultForLog = (fault: unknown, depth = 0): LoggedFault => {
  if (!(fault instanceof Error)) return { type: typeof fault, message: 'not an Error' }
  const code = codeOf(fault)
  const hidden = quotesData(fault, code)
  const frames = fault.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return {
    type: fault.name,
    message: hidden ? 'quotes data, not shown' : fault.message,
    ...(code !== undefined && { code }),
    ...(frames && frames.length > 0 && { stack: frames.join('\n') }),
    ...(fault.cause !== undefined && depth < MAX_DEPTH && { cause: faultForLog(fault.cause, depth + 1) }),
  }
}
