import { BansoError } from '@banso/platform'
import { describe, expect, it } from '@jest/globals'
import { QueryFailedError } from 'typeorm'
import { AppendError } from '../log/errors.ts'
import { bounded, failureOf, isAway, isInfrastructure } from './faults.ts'

class AccountGoneError extends BansoError {
  override readonly code = 'ACCOUNT_GONE'
}

const sqlError = (code: string, fields: object = {}) =>
  new QueryFailedError(
    'SELECT 1',
    [],
    Object.assign(new Error('Key (email)=(ada@example.com) exists'), { code, ...fields }),
  )

const appendError = (cause: Error) => new AppendError([], { cause })
const kafkaError = (name: string, cause?: Error) => Object.assign(new Error(name, { cause }), { name })

describe('what counts as infrastructure', () => {
  it.each([
    ['a deadlock', sqlError('40P01')],
    ['a lock timeout', sqlError('55P03')],
    ['an idle transaction that was ended', sqlError('25P03')],
    ['a server that shuts down', sqlError('57P01')],
    ['too many connections', sqlError('53300')],
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a lost connection', new Error('Connection terminated unexpectedly')],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
    ['all addresses refused', new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })])],
    ['a broker that does not confirm', new AppendError([])],
  ])('%s', (_, fault) => {
    expect(isInfrastructure(fault)).toBe(true)
  })

  it.each([
    ['a unique violation', sqlError('23505')],
    ['a value that does not parse', sqlError('22P02')],
    ['a slow statement', sqlError('57014')],
    ['a mistake of the program', new TypeError('x is undefined')],
    ['an error of ours', new AccountGoneError('gone')],
    ['something thrown that is no error', 'text'],
  ])('not %s', (_, fault) => {
    expect(isInfrastructure(fault)).toBe(false)
  })
})

describe('what counts as away', () => {
  it.each([
    ['a server that shuts down', sqlError('57P01'), true],
    ['a server that starts up', sqlError('57P03'), true],
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), true],
    ['a lost connection', new Error('Connection terminated unexpectedly'), true],
    ['a broker that does not confirm', new AppendError([]), true],
    ['a database that is away under the log', appendError(new Error('Connection terminated')), true],
    ['a disk that is full under the log', appendError(sqlError('53100')), false],
    ['a broker that is not there', kafkaError('KafkaJSConnectionError'), true],
    [
      'one that was asked often',
      kafkaError('KafkaJSNumberOfRetriesExceeded', kafkaError('KafkaJSBrokerNotFound')),
      true,
    ],
    ['what a broker refuses', kafkaError('KafkaJSProtocolError'), false],
    ['a pool whose connections are in use', new Error('timeout exceeded when trying to connect'), false],
    ['a deadlock', sqlError('40P01'), false],
    ['too many connections', sqlError('53300'), false],
    ['a unique violation', sqlError('23505'), false],
    ['an error of ours', new AccountGoneError('gone'), false],
  ])('%s: %s', (_, fault, away) => {
    expect(isAway(fault)).toBe(away)
  })
})

describe('what is kept of an error', () => {
  it('is the text of our own', () => {
    expect(failureOf(new AccountGoneError('the account is gone'))).toMatchObject({
      errorClass: 'ACCOUNT_GONE',
      message: 'the account is gone',
    })
  })

  it('is the state and the constraint of a database error, never its text', () => {
    expect(failureOf(sqlError('23505', { table: 'person', constraint: 'person_email' }))).toMatchObject({
      errorClass: 'QueryFailedError',
      message: 'SQLSTATE 23505, table person, constraint person_email',
    })
  })

  it('is the place of any other, never its text', () => {
    const kept = failureOf(new TypeError('cannot read ada@example.com'))
    expect(kept.errorClass).toBe('TypeError')
    expect(kept.message).toMatch(/faults\.spec\.ts:\d+:\d+/)
    expect(kept.message).not.toContain('ada')
  })

  it('is at most 1 KiB, without NUL', () => {
    expect(Buffer.byteLength(bounded('é'.repeat(2_000)))).toBeLessThanOrEqual(1_024)
    expect(bounded('a\0b')).toBe('a\uFFFDb')
  })
})
