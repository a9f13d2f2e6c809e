/**
 * The report as a single HTML file, without scripts, other files or email addresses.
 * @module
 */
import { createHash } from 'node:crypto'
import { escapeHtml } from '../../../lib/messages/escape-html'
import { isLinkable } from '../groups/read-groups'
import type { Report } from '../groups/tally'
import { barChart } from './bar-chart'
import { REPORT_STYLE } from './report-style'
import { OUTCOME_WORDS } from './report-words'

/** The most rows of a chart. Rarer values are added up in one more row. */
const MAX_ROWS = 8

const count = (value: number) => value.toLocaleString('en')
const percent = (part: number, whole: number) =>
  whole === 0 ? '0%' : `${((100 * part) / whole).toFixed(part * 10 < whole ? 1 : 0)}%`
const dateOf = (seconds: number) =>
  new Date(seconds * 1000).toLocaleDateString('en', { dateStyle: 'long', timeZone: 'UTC' })
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64')

/** Makes the HTML of a report. */
export function reportPage(report: Report): string {
  const policy = `default-src 'none'; style-src 'sha256-${hashOf(REPORT_STYLE)}'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Duplicate accounts</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>Duplicate accounts</h1>
<p class="when">As of ${dateOf(report.scanned_at)}. An account is a duplicate here if another one has the same email address; capital letters do not count.</p>
${summary(report)}
${report.groups === 0 ? '' : charts(report)}
${nextSteps()}
${notes(report)}
</main>
</body>
</html>
`
}

function summary(report: Report): string {
  const { users, groups, accounts_in_groups: accounts, linkable_groups: linkable } = report
  if (groups === 0)
    return `<p class="lead">No address has more than one account. ${count(users)} accounts were looked at.</p>`
  return `<p class="lead">${count(groups)} people have more than one account: ${count(accounts)} of all ${count(users)} accounts, ${percent(accounts, users)}.</p>
<ul class="tiles">
${tile(accounts - groups, 'accounts too many', 'if each of these people is to have one')}
${tile(linkable, 'people can be asked', 'at their next sign-in, whether to make one account of theirs')}
${tile(groups - linkable, 'people cannot, as things are', 'for the reasons below')}
</ul>`
}

const tile = (value: number, label: string, detail: string) =>
  `<li><strong>${count(value)}</strong><span>${escapeHtml(label)}</span><small>${escapeHtml(detail)}</small></li>`

function charts(report: Report): string {
  const { by_outcome, by_size, by_connections, by_year } = report
  const linkable = by_outcome.filter(isLinkable).reduce((sum, { pairs }) => sum + pairs, 0)
  const all = by_outcome.reduce((sum, { pairs }) => sum + pairs, 0)
  return [
    section(
      'What can be done',
      `Of ${count(all)} accounts that would become part of another one, ${count(linkable)} could.`,
      by_outcome.map((row) => ({
        label: OUTCOME_WORDS[row.outcome],
        value: row.pairs,
        isGood: isLinkable(row),
      })),
    ),
    section(
      'How they sign in',
      'The connections that the accounts of one person have, by their names at Auth0.',
      by_connections.map(({ connections, groups }) => ({ label: connections.join(' + '), value: groups })),
    ),
    section(
      'How many accounts one person has',
      `The most are ${count(report.largest_group)}.`,
      by_size.map(({ accounts, groups }) => ({ label: `${count(accounts)} accounts`, value: groups })),
    ),
    section(
      'Since when',
      'The year in which each further account was made.',
      by_year.map(({ year, accounts }) => ({
        label: year === 0 ? 'not known' : String(year),
        value: accounts,
      })),
      Number.POSITIVE_INFINITY,
    ),
  ].join('\n')
}

interface Row {
  label: string
  value: number
  isGood?: boolean
}

function section(title: string, words: string, rows: Row[], most = MAX_ROWS): string {
  const rest = rows.slice(most).reduce((sum, { value }) => sum + value, 0)
  const shown = rest > 0 ? [...rows.slice(0, most), { label: 'all others', value: rest }] : rows
  return `<section>
<h2>${escapeHtml(title)}</h2>
<p>${escapeHtml(words)}</p>
${barChart(title, shown)}
</section>`
}

function nextSteps(): string {
  return `<section>
<h2>What to do next</h2>
<ol>
<li><b>Ask the people.</b> At the next sign-in each of them is asked, proves that both accounts are theirs, and gets one account. Nothing is guessed. This is the way that we advise.</li>
<li><b>Link what you can vouch for.</b> Where you know for another reason that two accounts are one person's, such as an import that was made twice, a plan names the pairs, you approve it, and every link can be taken back. Auth0 advises against linking by the email address alone.</li>
</ol>
</section>`
}

function notes(report: Report): string {
  const { users, with_email, verified, over_long, broken_lines, partial_files, already_looked } = report
  const items = [
    `${count(users - with_email)} accounts have no email address; they are in no group.`,
    `${count(verified)} accounts have a confirmed address. An address that was never confirmed may be another person's.`,
    ...(over_long > 0
      ? [`${count(over_long)} addresses are too long to be real; they are in no group.`]
      : []),
    ...(already_looked > 0
      ? [
          `${count(already_looked)} accounts that could be linked were looked at before, and are not asked again by themselves.`,
        ]
      : []),
    ...(broken_lines > 0 ? [`${count(broken_lines)} lines of the export could not be read.`] : []),
    ...(partial_files.length > 0 ? ['The export was cut off: not all accounts are in this report.'] : []),
    'One address is counted as one person. Several people may share one, such as a mailbox of a company.',
  ]
  return `<section>
<h2>How this was counted</h2>
<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>
</section>`
}
