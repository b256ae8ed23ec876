/** A text as the database keeps it: no NUL, no half characters. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
