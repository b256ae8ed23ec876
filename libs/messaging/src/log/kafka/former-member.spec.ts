import { expect, it } from '@jest/globals'
import { leaveAs } from './former-member.ts'

const nowhere = { brokers: ['127.0.0.1:1'], clientId: 'spec' }

it('goes on while no broker is there, says so to nobody, and ends when it is told to', async () => {
  const rejoined = new AbortController()
  let ended = false
  const heard: unknown[] = []
  const leaving = leaveAs(
    { ...nowhere, hear: (entry) => heard.push(entry) },
    { group: 'g', member: 'm' },
    rejoined.signal,
  ).then(() => (ended = true))
  await new Promise((later) => setTimeout(later, 700)) // more than one try
  expect({ ended, heard }).toEqual({ ended: false, heard: [] })
  rejoined.abort()
  await leaving
  expect(ended).toBe(true)
})
