import { ValidationPipe } from '@nestjs/common'
import type { ValidationError } from 'class-validator'
import { type InputFault, ProblemError } from '../errors.ts'

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

/** class-validator's tree as a flat list, each fault with its JSON pointer, in the order of the input's fields. */
export const inputFaults = (errors: readonly ValidationError[], parent = ''): InputFault[] =>
  errors.flatMap((error) => {
    const pointer = `${parent}/${escaped(error.property)}`
    const own = Object.values(error.constraints ?? {}).map((message) => ({ pointer, message }))
    return [...own, ...inputFaults(error.children ?? [], pointer)]
  })

/** Checks every DTO; unknown fields are faults. Answers 400 `VALIDATION_FAILED` with all faults. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) =>
      new ProblemError({
        code: 'VALIDATION_FAILED',
        status: 400,
        detail: 'the request has fields that are missing, unknown or malformed',
        errors: inputFaults(errors),
      }),
  })
