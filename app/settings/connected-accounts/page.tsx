import type { Metadata } from 'next'
import { after } from 'next/server'
import { pageBrand } from '@/app/_brand'
import { pageMessages } from '@/app/_messages'
import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { currentWayBack } from '@/app/settings/_way-back'
import { ConnectedAccountList } from '@/components/accounts/connected-account-list'
import { ConnectionPicker } from '@/components/accounts/connection-picker'
import { LastOutcomeNotice } from '@/components/accounts/last-outcome-notice'
import { OwnStep } from '@/components/accounts/own-step'
import { RecentActivity } from '@/components/accounts/recent-activity'
import { SuggestionList } from '@/components/accounts/suggestion-list'
import { dateView } from '@/components/ui/date-view'
import { Notice } from '@/components/ui/notice'
import { Page } from '@/components/ui/page'
import { LinkingError } from '@/core/errors'
import type { Account } from '@/lib/auth0/account'
import type { Connection } from '@/lib/auth0/connection'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { wayView } from '@/lib/link-flow/views/account-views'
import type { Messages } from '@/lib/messages/en'
import { wholeEmail } from '@/lib/messages/mask-email'
import { logEvent } from '@/lib/observability/log'
import type { Session } from '@/lib/session/session'
import { canEnroll, mustEnroll } from '@/lib/sign-in-methods/connect/enroll-factor'
import { findSuggestions } from '@/lib/sign-in-methods/connect/suggestions'
import { canSendVerification, mustVerify } from '@/lib/sign-in-methods/connect/verify-address'
import {
  connectableConnections,
  knownConnections,
  unusableConnections,
} from '@/lib/sign-in-methods/connections'
import { continueEndingOnce } from '@/lib/sign-in-methods/end-sessions/end-access'
import { historyOf } from '@/lib/sign-in-methods/history'
import { lastOutcome } from '@/lib/sign-in-methods/last-outcome'
import { pageNoticeOf } from '@/lib/sign-in-methods/notice'
import { ownAccount } from '@/lib/sign-in-methods/own-account'
import { SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { repairAccount } from '@/lib/sign-in-methods/repair/repair-account'
import { hasRecentSignIn, lacksFactor, managementApiFor } from '@/lib/sign-in-methods/session-account'
import { connectedAccounts } from '@/lib/sign-in-methods/views/connected-accounts'
import { recentActivity } from '@/lib/sign-in-methods/views/recent-activity'
import { suggestionViews } from '@/lib/sign-in-methods/views/suggestions'
import { AccountProblem } from './account-problem'
import { declineSuggestion, enrollFactor, takeBackDecline, verifyAddress } from './actions'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** The page's title. It begins with the result of the last step, for people with a screen reader. */
export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const messages = await pageMessages()
  const notice = pageNoticeOf(messages, await searchParams)
  const { title } = messages.settings
  return { title: notice ? `${notice.text} ${title}` : title }
}

/** The page "Sign-in methods": the account's sign-in methods as the tenant has them now, and what the person can do with them. */
export default async function ConnectedAccountsPage({ searchParams }: Props) {
  const { keep } = await currentWayBack()
  const session = await sessions().requireSession(keep(SIGN_IN_METHODS_PATH))
  const messages = await pageMessages()
  const { settings } = messages
  const api = managementApiFor(signInServices(), session, 'view')
  const notice = pageNoticeOf(messages, await searchParams)
  const { done: account, refused } = await ownAccount(signInServices(), api, session)
  if (refused)
    return (
      <AccountProblem
        messages={messages}
        code={refused}
        supportUrl={(await pageBrand()).supportUrl}
        lastStep={notice?.text}
        keep={keep}
      />
    )
  after(() =>
    Promise.all([repairAccount(signInServices(), account), continueEndingOnce(signInServices(), account)]),
  )

  const last = lastOutcome(account)
  const connectable = await orNothing(connectableConnections(signInServices(), api))
  const known = connectable ? await knownConnections(signInServices(), api) : []
  const off = await unusableConnections(signInServices(), api, account.identities, known)
  const accounts = await connectedAccounts(signInServices(), messages, account, { known, off }, keep)
  const suggestions = suggestionViews(
    messages,
    account,
    await orNone(findSuggestions(signInServices(), api, account)),
    {
      connect: keep(`${SIGN_IN_METHODS_PATH}/connect`),
      decline: declineSuggestion,
      takeBack: takeBackDecline,
    },
    known,
  )
  const entries = recentActivity(messages, await historyOf(account), known)
  return (
    <Page error={notice?.code}>
      <div className="flex flex-wrap justify-end gap-x-2">
        <span className="quiet touch">
          <bdi>{account.email && wholeEmail(account.email)}</bdi>
        </span>
        <a href="/auth/logout" className="touch">
          {settings.signOut}
        </a>
      </div>
      <h1>{settings.title}</h1>
      <p className="quiet">{settings.lead}</p>
      <Notice notice={notice && { text: notice.text, isRefusal: notice.code !== undefined }} />
      {last && (
        <LastOutcomeNotice text={lastWords(messages, last)} date={dateView(messages, last.at, 'minute')} />
      )}
      <ConnectedAccountList accounts={accounts} title={settings.methods({ count: accounts.length })} />
      {suggestions.open.length > 0 && (
        <SuggestionList
          id="suggestions"
          title={settings.suggestions.title({ count: suggestions.open.length })}
          lead={settings.suggestions.lead({ count: suggestions.open.length })}
          suggestions={suggestions.open}
        />
      )}
      {mustVerify(signInServices(), account) && (
        <OwnStep
          view={verifyView(messages, account)}
          action={(await canSendVerification(signInServices(), account)) ? verifyAddress : undefined}
        />
      )}
      {mustEnroll(account) && (
        <OwnStep
          view={{ id: 'enroll', ...settings.enroll }}
          action={(await canEnroll(signInServices())) ? enrollFactor : undefined}
        />
      )}
      <ConnectionPicker
        title={settings.connect.title}
        action={keep(`${SIGN_IN_METHODS_PATH}/connect`)}
        {...pickerView(messages, account, connectable, known, stepUpOf(messages, session, account))}
      />
      {suggestions.declined.length > 0 && (
        <SuggestionList id="declined" title={settings.declined.title} suggestions={suggestions.declined} />
      )}
      {suggestions.impossible.length > 0 && (
        <SuggestionList
          id="impossible"
          title={settings.suggestions.impossible}
          suggestions={suggestions.impossible}
        />
      )}
      {entries.length > 0 && <RecentActivity title={settings.history.title} entries={entries} />}
    </Page>
  )
}

function verifyView({ settings: { verify } }: Messages, { email }: Account) {
  return {
    id: 'verify',
    title: verify.title,
    what: email ? verify.what({ email: wholeEmail(email) }) : verify.noAddress,
    button: verify.send,
  }
}

/** The sentence that says what the person must do before they can connect an account; empty if nothing. */
function stepUpOf({ settings }: Messages, session: Session, account: Account): string[] {
  if (!hasRecentSignIn(signInServices(), session)) return [settings.connect.first]
  return lacksFactor(session, account) ? [settings.connect.firstFactor] : []
}

function lastWords(
  { settings }: Messages,
  { result, reason }: NonNullable<ReturnType<typeof lastOutcome>>,
): string {
  return reason ? settings.last.refused({ why: settings.refused[reason] }) : settings.last[result]
}

function pickerView(
  messages: Messages,
  account: Account,
  connections: Connection[] | undefined,
  known: Connection[],
  stepUp: string[],
) {
  const { lead, none, unavailable, again } = messages.settings.connect
  if (!connections) return { remarks: [unavailable], choices: [] }
  if (connections.length === 0) return { remarks: [none], choices: [] }
  const choices = connections.map(({ name, strategy }) => ({
    value: name,
    account: {
      ...wayView(messages, { provider: strategy, connection: name }, known),
      further: account.identities.some(({ connection }) => connection === name) ? again : undefined,
    },
  }))
  return { remarks: [lead, ...stepUp], choices }
}

/** Lets the page leave out a part that it can do without: returns undefined if reading that part fails. */
async function orNothing<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found
  } catch (error) {
    if (!(error instanceof ManagementApiError || error instanceof LinkingError)) throw error
    const status = error instanceof ManagementApiError ? error.status : undefined
    logEvent('page_incomplete', { code: error.code, status })
    return undefined
  }
}

const orNone = async <Found,>(found: Promise<Found[]>): Promise<Found[]> => (await orNothing(found)) ?? []
