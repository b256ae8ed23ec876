/** A call of the SDK that names its account, unless `more` says otherwise. */
export const track = (messageId: string, more: object = {}) => ({
  type: 'track',
  messageId,
  userId: 'u-1',
  event: 'Signed In',
  context: { groupId: 'acme' },
  ...more,
})

/** The same by somebody whose account nobody knows. */
export const trackOfNobody = (messageId: string) => track(messageId, { userId: `u-${messageId}`, context: {} })
