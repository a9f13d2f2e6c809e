import 'server-only'

/** Where the tenant's answer to a second authorization arrives; registered at the tenant as an allowed callback. */
export const CALLBACK_PATH = '/link/callback'
