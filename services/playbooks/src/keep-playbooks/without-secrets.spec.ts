import { describe, expect, it } from '@jest/globals'
import { withoutSecrets } from './without-secrets.ts'

const slack = (url: string) => ({ kind: 'slack', url, text: 'hi' })
const SECRET = 'https://hooks.slack.com/services/T0/B0/secret'

describe('a document as it is shown', () => {
  it('has of the URLs of Slack the host and a fingerprint, wherever they stand', () => {
    const steps = [{ id: 'a', branch: [{ when: 'true', steps: [{ id: 'b', action: slack(SECRET) }] }] }]
    const shown = withoutSecrets({ steps, action: slack(`${SECRET}2`) })
    expect(JSON.stringify(shown)).not.toContain('secret')
    expect(shown).toMatchObject({
      steps: [
        { branch: [{ steps: [{ action: { url: expect.stringMatching(/^https:\/\/hooks\.slack\.com\/…#\w{8}$/) } }] }] },
      ],
      action: { text: 'hi' },
    })
    expect(withoutSecrets(slack(SECRET))).not.toEqual(withoutSecrets(slack(`${SECRET}2`)))
  })

  it('is otherwise as it was put', () => {
    const document = { trigger: { on: 'band-changed', to: ['red'] }, action: { kind: 'webhook', url: SECRET }, n: null }
    expect(withoutSecrets(document)).toEqual(document)
  })
})
