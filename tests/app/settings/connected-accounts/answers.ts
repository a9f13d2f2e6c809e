/**
 * Reads the responses of the routes of the page "Sign-in methods", and names the expected ones.
 * @module
 */
import { type ConnectFlow, readConnectFlow } from '@/lib/sign-in-methods/connect/connect-flow'
import { services } from '../../../support/process/page-services'

/** The origin of the app. */
export const APP = 'http://localhost:3000'
/** The path of the page "Sign-in methods". */
export const PAGE = '/settings/connected-accounts'

/** The status and the `Location` of a response. */
export const answerOf = (response: Response) => [response.status, response.headers.get('location')]

/** The {@link answerOf} of a redirect to the page, which then shows the reason for a code. */
export const refusal = (code: string) => [303, `${APP}${PAGE}?refused=${code}`]

/** Reads the connect flow of `auth0|ann` from the cookies that a response sets. */
export async function keptBy(response: Response): Promise<ConnectFlow | undefined> {
  for (const line of response.headers.getSetCookie()) {
    const handle = /^connect_([0-9a-f]{16})=./.exec(line)?.[1]
    const request = new Request(APP, { headers: { cookie: line.split(';')[0] ?? '' } })
    const flow = await readConnectFlow(services(), request, handle, 'auth0|ann')
    if (flow) return flow
  }
  return undefined
}
