/** The numbers of one day. */
interface FunnelDay {
  /** In UTC: `2026-11-30`. */
  day: string
  /** How often each step was taken, in the order of {@link FunnelView.steps}. */
  counts: number[]
}

/** The funnel as the page shows it: how often people took each step from an offer to a link. */
export interface FunnelView {
  /** Each step: its name, what it means, and how often it was taken in all days. */
  steps: { name: string; means: string; total: number }[]
  /** Oldest first. */
  days: FunnelDay[]
  /** Positions in `steps` of the two numbers that the chart of days compares. */
  drawn: { offered: number; linked: number }
}

/** Width of a day in the chart, and height of the chart, in its own units. */
const DAY = 20
const HEIGHT = 100

/** The funnel: a bar for each step, a chart of the days, and a table with the numbers of the chart. */
export function FunnelChart({ steps, days, drawn }: FunnelView) {
  const mostTotal = Math.max(1, ...steps.map(({ total }) => total))
  return (
    <>
      <ul className="bars">
        {steps.map(({ name, means, total }) => (
          <li key={name}>
            <span>
              <b>{name}</b> <span className="quiet small">{means}</span>
            </span>
            <span className="number">{shown(total)}</span>
            <svg aria-hidden="true" focusable="false" width="100%" height="10">
              <rect className="track" width="100%" height="10" rx="2" />
              <rect
                className={name === steps[drawn.linked]?.name ? 'linked' : 'offered'}
                width={`${share(total, mostTotal)}%`}
                height="10"
                rx="2"
              />
            </svg>
          </li>
        ))}
      </ul>
      <DaysChart days={days} drawn={drawn} />
      <details>
        <summary>The numbers of each day</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the table may be wider than a phone, and a keyboard must be able to scroll it */}
        <section className="scroll" aria-label="The numbers of each day" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Day (UTC)</th>
                {steps.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(({ day, counts }) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  {counts.map((count, index) => (
                    <td key={steps[index]?.name}>{shown(count)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </>
  )
}

/** A column for each day: the links in front of the offers. */
function DaysChart({ days, drawn }: Pick<FunnelView, 'days' | 'drawn'>) {
  const [first, last] = [days[0]?.day, days.at(-1)?.day]
  const count = ({ counts }: FunnelDay, which: keyof FunnelView['drawn']) => counts[drawn[which]] ?? 0
  const most = Math.max(...days.flatMap((day) => [count(day, 'offered'), count(day, 'linked')]))
  const width = days.length * DAY
  return (
    <figure className="days">
      <figcaption className="small">
        <Swatch kind="offered" /> offered and <Swatch kind="linked" /> linked, by day; at most {shown(most)}
      </figcaption>
      <svg
        role="img"
        aria-labelledby="days-title days-text"
        width="100%"
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <title id="days-title">Offers and links by day</title>
        <desc id="days-text">
          {`From ${first} to ${last}, in UTC, at most ${shown(most)} a day. The table below has all numbers.`}
        </desc>
        <rect className="track" width={width} height="1" y={HEIGHT - 1} />
        {days.map((day, index) => (
          <g key={day.day}>
            <Column
              kind="offered"
              x={index * DAY + 2}
              width={DAY - 4}
              value={count(day, 'offered')}
              most={most}
            />
            <Column
              kind="linked"
              x={index * DAY + 6}
              width={DAY - 12}
              value={count(day, 'linked')}
              most={most}
            />
          </g>
        ))}
      </svg>
      <p className="ends quiet small">
        <span>{first}</span>
        <span>{last}</span>
      </p>
    </figure>
  )
}

function Column(column: {
  kind: 'offered' | 'linked'
  x: number
  width: number
  value: number
  most: number
}) {
  const { kind, x, width, value, most } = column
  if (value === 0) return null
  const height = (share(value, most) * HEIGHT) / 100
  return <rect className={kind} x={x} y={HEIGHT - height} width={width} height={height} />
}

const Swatch = ({ kind }: { kind: 'offered' | 'linked' }) => (
  <svg aria-hidden="true" focusable="false" width="10" height="10">
    <rect className={kind} width="10" height="10" rx="2" />
  </svg>
)

/** A value in percent of the largest one. A value above 0 has at least one percent, so that it can be seen. */
const share = (value: number, most: number): number =>
  value === 0 ? 0 : Math.max(1, Math.round((1000 * value) / most) / 10)

const shown = (count: number): string => count.toLocaleString('en')
