/**
 * What the routes of the page answer with.
 * @module
 */
import { type ConnectFlow, readConnectFlow } from '@/lib/sign-in-methods/connect/connect-flow'
import { services } from '../../../support/process/page-services'

/** The application. */
export const APP = 'http://localhost:3000'
/** The page "Sign-in methods". */
export const PAGE = '/settings/connected-accounts'

/** Status and target of an answer. */
export const answerOf = (response: Response) => [response.status, response.headers.get('location')]

/** An answer that leads back to the page, which says why. */
export const refusal = (code: string) => [303, `${APP}${PAGE}?refused=${code}`]

/** The flow of Ann's that an answer keeps in the browser. */
export async function keptBy(response: Response): Promise<ConnectFlow | undefined> {
  for (const line of response.headers.getSetCookie()) {
    const handle = /^connect_([0-9a-f]{16})=./.exec(line)?.[1]
    const request = new Request(APP, { headers: { cookie: line.split(';')[0] ?? '' } })
    const flow = await readConnectFlow(services(), request, handle, 'auth0|ann')
    if (flow) return flow
  }
  return undefined
}
