/**
 * What each line of the logs means. Tables in `docs/` are generated from this.
 * @module
 */

/** Lines of the Action's log except `not_linked`, by the value of `account_linking`. */
export const ACTION_LINES: Record<string, string> = {
  secrets_missing: 'A needed secret is missing; the Action does nothing',
  list_entry_unreadable:
    'An entry of a connection list cannot be read; it grants nothing and forbids whatever it may mean',
  discover_failed: 'With a status or the name of an error: a call failed, and the login went on',
  resume_failed: 'With a status or the name of an error: a call failed, and the login went on',
  would_offer: 'In observe mode: the Action would have asked',
  service_not_offering: '`/healthz` did not answer within a second, or offers are off',
  answer_not_valid: 'There was no answer, or it did not verify; the login went on',
  answer_impossible: 'The answer verified but names what was never offered; the Action refused the login',
  declined: 'The person declined',
  linked: 'The accounts are linked',
  webhook_failed: 'The event could not be sent',
  adoption_failed:
    'The application at `ADOPTION_URL` did not take a step: `step`, and a status or the name of an error',
}

/** Lines of the service's log, by `event`; links are relative to `docs/reference/`. */
export const LOG_LINES: Record<string, string> = {
  started: 'once, with how used tokens are remembered and background work is kept',
  flow_opened:
    'a prompt is about to appear: `flow`, `user`, `contract`, `candidates`, `client_id`, and the `connection` that a link adds',
  rights_not_read:
    'what two accounts hold could not be read before a link of a published Action; it counts as nothing unless there is a rule about it: `code`, `status`',
  flow_proven: 'the person signed in to the other account: `flow`, `client_id`, `connection`',
  flow_answered:
    'an answer goes to the tenant: `flow`, `result`, `never`, `user`, `client_id`, `connection`, and the `reason` if the application or the tenant stood against a link',
  login_continued: 'a login goes on without a prompt; with `cause` if Redis did not answer',
  store_lost:
    'Redis does not answer, or refuses: `cause`, such as `ECONNREFUSED`, `ETIMEDOUT`, `WRONGPASS`, `OOM`. Once, until it is back',
  store_back: 'it answers again, writes included',
  jobs_lost: 'background work does not reach Redis, or is refused there; once, until it is back',
  jobs_back: 'it reaches Redis again, and does or keeps a job',
  worker_started: '`npm run worker` does [background work](../operate.md#background-work) now',
  refused:
    'an error page: `code`, `cause`, and `client_id` and `connection` of the sign-in, if they are known',
  clock_off:
    "`level` is `alert`: the tenant's clock is `ahead` by so many seconds, so links are refused (`clock`). At most once a minute",
  api_limited:
    "the tenant's rate limit refused a Management API call (429); what can be repeated is ([what to do](../operate.md#management-api-limits))",
  counters_lost: 'the collector does not take [counters](../operate.md#counters); once, until it does again',
  funnel_lost:
    "Redis does not take a step for the [console's funnel](console.md#the-funnel); once, until it takes one again",
  counters_back: 'the collector takes counters again',
  connection_name_bare:
    'at start: a list names a [connection without its strategy](../configuration.md#lists-of-connections)',
  brand_unread:
    'pages show the brand without a part that could not be read, once for each reason: `what`, and `code` (`no_scope_…`, `status_…`, `timeout`, `unreachable`, `malformed`; of a picture also `not_https`, `address_refused`, `image_refused`, `image_too_large`, `status`) ([brand](brand.md#how-it-is-read))',
  connection_names_unread:
    'pages name connections as the tenant does, because their display names could not be read',
  another_sign_in:
    'a sign-in arrived that the waiting flow of this browser does not know; it goes on by a click: `user`',
  linking_client_not_excluded: "the linking client's metadata is missing",
  sign_in_failed: 'a sign-in to the page "Sign-in methods" failed: `code`, `cause`',
  account_event: 'an event: [fields](../events.md#log)',
  webhook_failed: 'an attempt to send an event failed: [fields](../events.md#log)',
  event_lost: 'an event is not sent any more, or the stream does not have it: [fields](../events.md#log)',
  adoption_failed: 'the application at `ADOPTION_URL` did not take a step: [fields](adoption.md#log)',
  adoption_lost: 'a step of an adoption is not sent any more as background work: [fields](adoption.md#log)',
  mail_sent: 'your server took a mail: [fields](mail.md#how-it-is-sent)',
  mail_failed: 'a try to send a mail failed: [fields](mail.md#how-it-is-sent)',
  mail_dropped: 'a mail is not sent, although nothing failed: [fields](mail.md#how-it-is-sent)',
  mail_lost: 'a mail is not sent any more: [fields](mail.md#how-it-is-sent)',
  auth0_event_unreadable:
    'an event of the tenant about a user has no id or no identities, and is ignored: `type`',
  foreign_change_failed:
    'a [link or unlink by others](links-by-others.md#log) could not be followed; it is tried again: `code`',
  foreign_change_lost: 'it is not tried any more: [fields](links-by-others.md#log)',
  link_not_taken_back: 'the reader of a mail said "This wasn\'t me", and the accounts stay connected: `code`',
  account_not_read: 'the page could not read the account: `code`, `status`',
  api_refused: '`GET /api/sign-in-methods` gave no list: [`code`](in-your-apps.md#refusals)',
  page_incomplete: 'the page could not read what goes beside the account: `code`, `status`',
  way_back_ignored:
    'the page shows no link back to the application that an address names: [`reason`](sign-in-methods.md#back-to-the-application)',
  settings_refused: 'a step of the page was not done: `code`, and `client_id` of the page',
  console_signed_in: 'an operator signed in to the [console](console.md): `operator`',
  console_refused:
    'a sign-in to the console, or a request of an operator who may no longer use it, was refused; the browser sees a page that does not exist: `code`',
  console_look: 'an operator looked at an account: `operator`, `user`, `reason`',
  console_act: 'an operator acted: `operator`, `user`, `other`, `act`, `reason`',
  console_act_refused: 'an act of an operator was not done: `act`, `code`',
  not_given_back:
    'metadata was not given back to an account; a later view tries again, or it is withheld for the operator: `code`, `status`',
  not_removed: 'an account that the person asked to remove is still there: `code`, `status`',
  not_tidied:
    'a view, or background work, could not finish what was interrupted; a later one tries again: `code`',
  access_not_ended: 'sessions or refresh tokens could not be ended yet: `code`',
}
