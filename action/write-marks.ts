import { type LinkingUser, type Marks, marksKeyOf } from '../core'
import type { PostLoginApi } from './auth0'

/** Has Auth0 write the marks of the user who logs in, which happens when the login continues. */
export const writeMarks = (api: PostLoginApi, user: LinkingUser, marks: Marks): void =>
  api.user.setAppMetadata(marksKeyOf(user), marks)
