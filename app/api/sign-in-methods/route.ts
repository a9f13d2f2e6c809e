/**
 * `GET /api/sign-in-methods`: the list of a person's sign-in methods, for the operator's own applications.
 *
 * @see docs/reference/in-your-apps.md
 * @module
 */
import { signInServices } from '@/app/settings/_services'
import { answerSignInMethods } from '@/lib/sign-in-methods/api/answer'

const answer = (request: Request): Promise<Response> => answerSignInMethods(signInServices(), request)

export {
  answer as DELETE,
  answer as GET,
  answer as HEAD,
  answer as OPTIONS,
  answer as PATCH,
  answer as POST,
  answer as PUT,
}
