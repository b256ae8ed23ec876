import { describe, expect, it } from '@jest/globals'
import { QueryFailedError } from 'typeorm'
import { createLogger, type Logger } from './logger.ts'
import { NestLogger } from './nest-logger.ts'

const logging = (level?: string): { logger: Logger; lines: Record<string, unknown>[]; text: () => string } => {
  const raw: string[] = []
  const lines: Record<string, unknown>[] = []
  const write = (line: string): void => {
    raw.push(line)
    lines.push(JSON.parse(line) as Record<string, unknown>)
  }
  const logger = createLogger({ service: 'health', ...(level !== undefined && { level }) }, { write })
  return { logger, lines, text: () => raw.join('') }
}

describe('the logger', () => {
  it('writes JSON lines with service, level by name and ISO time', () => {
    const { logger, lines } = logging()
    logger.info({ accountId: 'a-1', eventId: 'e-1' }, 'scored')
    expect(lines).toEqual([
      { level: 'info', time: expect.any(String), service: 'health', accountId: 'a-1', eventId: 'e-1', msg: 'scored' },
    ])
    expect(new Date(String(lines[0]?.['time'])).toISOString()).toBe(lines[0]?.['time'])
  })

  it('takes out personal fields and secrets, also one level below', () => {
    const { logger, text } = logging()
    const personal = {
      email: 'alice@example.com',
      name: 'Alice',
      traits: { age: 4 },
      password: 'hunter2',
      ip: '10.1.1.1',
    }
    logger.info({ ...personal, event: personal, accountId: 'a-1' }, 'seen')
    expect(text()).toContain('a-1')
    expect(text()).not.toMatch(/alice|Alice|age|hunter2|10\.1\.1\.1/)
  })

  it('shows of a database error its code, and no row', () => {
    const { logger, lines, text } = logging()
    const driver = Object.assign(new Error('duplicate key value violates unique constraint "person_email_key"'), {
      code: '23505',
      detail: 'Key (email)=(alice@example.com) already exists.',
    })
    logger.error(
      { err: new QueryFailedError('INSERT INTO person VALUES ($1)', ['alice@example.com'], driver) },
      'failed',
    )
    expect(lines[0]?.['err']).toMatchObject({ type: 'QueryFailedError', code: '23505', stack: expect.any(String) })
    expect(text()).toContain('person_email_key')
    expect(text()).not.toContain('alice')
  })

  it.each([
    ['a data exception', Object.assign(new Error('invalid input syntax for type uuid: "alice"'), { code: '22P02' })],
    ['a parser', new SyntaxError(`Unexpected token 'a', "alice" is not valid JSON`)],
    ['a cause', new Error('cannot read it', { cause: new SyntaxError('"alice" is not valid JSON') })],
    ['what is not an Error', 'alice'],
  ])('hides what %s quotes', (_what, err) => {
    const { logger, text } = logging()
    logger.error({ err }, 'failed')
    expect(text()).toContain('failed')
    expect(text()).not.toContain('alice')
  })

  it('keeps silent below its level', () => {
    const { logger, lines } = logging('warn')
    logger.info('no')
    logger.warn('yes')
    expect(lines).toHaveLength(1)
  })
})

describe("Nest's lines", () => {
  it('come as debug while starting, as they are when something is wrong', () => {
    const { logger, lines } = logging('debug')
    const nest = new NestLogger(logger)
    nest.log('Mapped {/v1/accounts, GET} route', 'RouterExplorer')
    nest.warn('careful', 'NestFactory')
    nest.error(new TypeError('x is not a function'), 'Injector')
    nest.error('it broke', 'Error: it broke\n    at somewhere', 'ExceptionsHandler')
    expect(lines).toMatchObject([
      { level: 'debug', by: 'RouterExplorer', msg: 'Mapped {/v1/accounts, GET} route' },
      { level: 'warn', by: 'NestFactory', msg: 'careful' },
      { level: 'error', by: 'Injector', err: { type: 'TypeError', message: 'x is not a function' } },
      { level: 'error', by: 'ExceptionsHandler', msg: 'it broke', stack: expect.stringContaining('somewhere') },
    ])
  })
})
