/** Whether a topic grew by exactly what was accepted; says what is wrong where it did not. */
export const grewBy = (accepted: number, appended: number, say: (line: string) => void): boolean => {
  if (accepted === appended) return true
  const fault = appended < accepted ? `${accepted - appended} are missing` : `${appended - accepted} are too many`
  say(`${accepted} events were accepted, but the ends of the topic grew by ${appended}: ${fault}`)
  return false
}
