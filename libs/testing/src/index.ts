export const TESTING = '@banso/testing'
