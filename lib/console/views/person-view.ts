/**
 * Turns what was read of an account into the texts that its page in the console shows.
 * @module
 */
import 'server-only'
import { type BothKinds, NEVER, parseEnding, RIGHTS_KINDS, type RightIds } from '../../../core'
import type { UndoObstacle } from '../../sign-in-methods/disconnect/undo-obstacle'
import type { StoredSnapshot } from '../../sign-in-methods/snapshots'
import type { OperatorAct } from '../acts/act'
import { type ConsoleAccount, isLinked, type KeptDecline, metadataNames } from '../person'
import type { ConsoleServices } from '../services'
import { dateText, timeText } from './dates'

/** A label and its value. */
export type Fact = [name: string, value: string]

/** An entry of a section, with the acts that an operator can do on it. */
export interface Item {
  /** Unique in its list. */
  key: string
  title: string
  facts: Fact[]
  acts: OperatorAct[]
  /** If this entry is a snapshot (what a link keeps of the secondary account) whose values can be shown: its key. */
  values?: string | undefined
}

/** The sections of the page, each with its items. */
export interface PersonView {
  title: string
  facts: Fact[]
  acts: OperatorAct[]
  sections: { id: string; title: string; none: string; items: Item[] }[]
}

/**
 * Makes the view of an account.
 *
 * @param shown - The key of the one snapshot whose metadata values are shown. Of all others, only the names are.
 */
export function personView(
  services: ConsoleServices,
  person: ConsoleAccount,
  shown: string | undefined,
): PersonView {
  const { account } = person
  const { user_id: userId } = account
  return {
    title: account.email ?? userId,
    facts: aboutAccount(person),
    acts: [{ kind: 'end-sessions', userId }],
    sections: [
      { id: 'identities', title: 'Identities', none: '', items: identities(person) },
      {
        ...{ id: 'snapshots', title: 'Snapshots', none: 'No link keeps anything here.' },
        items: person.snapshots.map((stored) => snapshotItem(services, person, stored, shown === stored.key)),
      },
      { id: 'withheld', title: 'Withheld details', none: 'Nothing is withheld.', items: withheld(person) },
      { id: 'journal', title: 'Journal', none: 'No link has ended here.', items: journal(person) },
      { id: 'declines', title: 'Declines', none: 'Nothing was declined.', items: declines(person) },
      {
        id: 'marks',
        title: 'Marks',
        none: '',
        items: [{ key: 'marks', title: '', facts: marks(person), acts: [] }],
      },
      {
        id: 'rights',
        title: 'Rights',
        none: '',
        items: [{ key: 'rights', title: '', facts: rights(person), acts: [] }],
      },
      {
        ...{ id: 'duplicates', title: 'Accounts with the same address', none: 'There is no other one.' },
        items: duplicates(services, person),
      },
      {
        ...{ id: 'login', title: 'What a login would do', none: 'The tenant did not answer.' },
        items: (person.steps ?? []).map(({ question, answer }, index) => ({
          ...{ key: `${index}`, title: question, acts: [] },
          facts: [['', answer]],
        })),
      },
    ],
  }
}

const names = (list: string[]): string => (list.length > 0 ? list.join(', ') : 'nothing')
const bothNames = ({ user_metadata: user, app_metadata: app }: BothKinds<string[]>): string =>
  names([...user.map((name) => `user_metadata.${name}`), ...app.map((name) => `app_metadata.${name}`)])
const keysOf = ({ user_metadata: user, app_metadata: app }: BothKinds): BothKinds<string[]> => ({
  user_metadata: Object.keys(user),
  app_metadata: Object.keys(app),
})

function aboutAccount(person: ConsoleAccount): Fact[] {
  const { account } = person
  return [
    ['User ID', account.user_id],
    ['Email', account.email ? `${account.email}${account.email_verified ? '' : ' (not verified)'}` : 'none'],
    ['Created', dateText(account.created_at)],
    ['Last login', dateText(account.last_login)],
    ...(account.blocked ? [['Blocked', 'yes'] satisfies Fact] : []),
    ['Second factor', account.multifactor?.length ? account.multifactor.join(', ') : 'none'],
    ['Metadata', bothNames(metadataNames(person))],
  ]
}

/** Says to an operator why a link cannot be undone. */
const UNDO_OBSTACLES: Record<UndoObstacle, string> = {
  cannot_write: 'no: with LINKING_AUTHORITY=user nothing is kept',
  no_snapshot: 'no: the account has no snapshot of this link',
  snapshot_unreadable: 'no: the snapshot of this link was changed, or a newer version wrote it',
  made_by_others: 'no: others made this link, so nothing was kept',
  over: 'no: its time is over',
  kept_data_deleted: 'no: what the link had kept was deleted, because UNDO_DAYS was lower',
}

function identities(person: ConsoleAccount): Item[] {
  const { account, snapshots, undoObstacles } = person
  return account.identities.map(({ user_id: id, connection, profile }, index) => {
    const stored = snapshots.find(({ snapshot }) => snapshot.user_id === id)
    const isMain = index === 0
    const act = { userId: account.user_id, target: id }
    const facts: Fact[] = [['Connection', connection]]
    if (profile.email) facts.push(['Email', profile.email])
    if (stored) facts.push(['Linked', `${timeText(stored.snapshot.at)}, ${proofText(stored)}`])
    else if (!isMain) facts.push(['Linked', 'by other means'])
    const obstacle = undoObstacles.get(id)
    if (obstacle) facts.push(['Undo', UNDO_OBSTACLES[obstacle]])
    return {
      ...{ key: id, title: isMain ? `${id} (main)` : id, facts },
      acts: [
        ...(isMain || obstacle ? [] : [{ kind: 'undo', ...act } satisfies OperatorAct]),
        ...(isMain ? [] : [{ kind: 'disconnect', ...act } satisfies OperatorAct]),
      ],
    }
  })
}

const proofText = ({ snapshot: { proof } }: StoredSnapshot): string =>
  // The application is not known of links that others made.
  [`proof: ${proof.way}`, proof.client_name ?? proof.client_id].filter(Boolean).join(', at ')

function snapshotItem(
  services: ConsoleServices,
  person: ConsoleAccount,
  stored: StoredSnapshot,
  isShown: boolean,
): Item {
  const { snapshot } = stored
  const facts: Fact[] = [['Linked', `${timeText(snapshot.at)}, ${proofText(stored)}`]]
  if (!isLinked(person, stored)) facts.push(['State', 'not part of the account now'])
  facts.push(['Kept', snapshot.kept ? bothNames(keysOf(snapshot.kept)) : 'no longer'])
  if (snapshot.carried) facts.push(['Carried', bothNames(snapshot.carried)])
  for (const [what, ids] of Object.entries<RightIds>({ ...snapshot.rights }))
    for (const [kind, list] of Object.entries(ids))
      facts.push([`Rights ${what}`, `${kind}: ${names([...list])}`])
  if (snapshot.kept && services.undoPeriod > 0)
    facts.push(['Can be undone until', timeText(snapshot.at + services.undoPeriod)])
  if (snapshot.returning) facts.push(['Restore', `begun ${timeText(snapshot.returning.at)}, not finished`])
  if (snapshot.adoption) facts.push(['Adoption', snapshot.adoption.ended ?? 'open'])
  if (isShown) facts.push(...valuesOf(snapshot.kept))
  const values = snapshot.kept && !isShown ? stored.key : undefined
  return { key: stored.key, title: snapshot.user_id, facts, acts: [], values }
}

const valuesOf = (kept: BothKinds | undefined): Fact[] =>
  Object.entries(kept ?? {}).flatMap(([kind, fields]) =>
    Object.entries(fields).map(([name, value]): Fact => [`${kind}.${name}`, JSON.stringify(value)]),
  )

const withheld = ({ account, withheld: keys }: ConsoleAccount): Item[] =>
  keys.map((key) => {
    const { user_id: of, at } = Object(account.app_metadata[key])
    const facts: Fact[] = typeof at === 'number' ? [['Withheld', timeText(at)]] : []
    const acts: OperatorAct[] = [{ kind: 'give-back', userId: account.user_id, target: key }]
    return { key, title: typeof of === 'string' ? of : key, facts, acts }
  })

const journal = ({ journal: entries }: ConsoleAccount): Item[] =>
  entries.toReversed().map(({ event, at, identity, provider, way, client }, index) => ({
    ...{ key: `${index}`, title: `${event}: ${provider}`, acts: [] },
    facts: [
      ['When', timeText(at)],
      ['How', `${way}, at ${client}`],
      ['Identity', identity],
    ],
  }))

function whyDeclined({ disputed, failed }: KeptDecline): string {
  if (disputed) return 'Reported as “not mine”'
  return failed ? 'The link failed' : 'Declined'
}

const declines = ({ account, declines: kept }: ConsoleAccount): Item[] =>
  kept.map((decline) => ({
    ...{ key: decline.pair, title: decline.other ?? `pair ${decline.pair}` },
    facts: [
      [whyDeclined(decline), `${timeText(decline.at)}${decline.client ? `, at ${decline.client}` : ''}`],
      ['Until', decline.until === NEVER ? 'for good' : timeText(decline.until)],
    ],
    acts: [{ kind: 'clear-decline', userId: account.user_id, target: decline.pair }],
  }))

function marks({ account, marks: { looked, last, enroll } }: ConsoleAccount): Fact[] {
  const ending = parseEnding(account)
  return [
    ['Not looked at again until', looked ? timeText(looked.until) : 'the next login'],
    ...(last
      ? [['Last attempt', `${last.result}: ${last.reason}, ${timeText(last.at)}`] satisfies Fact]
      : []),
    ['Sessions that still end', ending ? `of ${ending.accounts.length} accounts` : 'none'],
    ...(enroll ? [['Is asked for a factor since', timeText(enroll.at)] satisfies Fact] : []),
  ]
}

const rights = ({ rights: read }: ConsoleAccount): Fact[] =>
  RIGHTS_KINDS.map((kind) => {
    const held = read?.[kind]
    return [kind, held ? names(Object.values(held)) : 'could not be read']
  })

const duplicates = (
  { areOperatorLinksOn }: ConsoleServices,
  { account, duplicates: others }: ConsoleAccount,
): Item[] =>
  others.map(({ user_id: id, identities, created_at, email_verified }) => ({
    ...{ key: id, title: id },
    facts: [
      ['Connections', identities.map(({ connection }) => connection).join(', ')],
      ['Created', dateText(created_at)],
      ['Email', email_verified ? 'verified' : 'not verified'],
    ],
    acts: areOperatorLinksOn ? [{ kind: 'link', userId: account.user_id, target: id }] : [],
  }))
