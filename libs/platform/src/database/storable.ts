/** A text from outside as a column of texts keeps it: without NUL and half characters. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
