/** The whole number that an option gives; ends the program with 2 and says why when it is none, or less than `least`. */
export const countFrom = (option: string, text: string, least = 1): number => {
  const count = Number(text)
  if (!Number.isInteger(count) || count < least) {
    console.error(`--${option} is ${text}; it must be a whole number from ${least}`)
    process.exit(2)
  }
  return count
}
