/** Postgres stores no NUL in a text. */
export const storable = (text: string): string => text.replaceAll('\0', '\uFFFD')
