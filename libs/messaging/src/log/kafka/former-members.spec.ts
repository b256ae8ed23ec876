import { expect, it } from '@jest/globals'
import { FormerMembers } from './former-members.ts'

it('goes on leaving while no broker is there, says so to nobody, and ends when the group is joined again', async () => {
  const heard: unknown[] = []
  const hear = (entry: unknown) => heard.push(entry)
  const former = new FormerMembers({ brokers: ['127.0.0.1:1'], clientId: 'spec', hear }, 'g')
  former.joined('m')
  let ended = false
  const leaving = former.leave().then(() => (ended = true))
  await new Promise((later) => setTimeout(later, 700)) // more than one try
  expect({ ended, heard }).toEqual({ ended: false, heard: [] })
  former.joined('n')
  await leaving
  expect(ended).toBe(true)
})
