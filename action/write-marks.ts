import { type LinkingUser, type Marks, marksKeyOf } from '../core'
import type { PostLoginApi } from './auth0'

/** Sets the marks of the user who logs in; Auth0 writes them to `app_metadata` when the login continues. */
export const writeMarks = (api: PostLoginApi, user: LinkingUser, marks: Marks): void =>
  api.user.setAppMetadata(marksKeyOf(user), marks)
