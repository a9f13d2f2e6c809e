/** Names, and what is known under them. */
export function Facts({ facts }: { facts: [name: string, value: string][] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => [
        name && <dt key={`${name} of ${value}`}>{name}</dt>,
        <dd key={`${name} ${value}`} className={name ? undefined : 'whole'}>
          <bdi>{value}</bdi>
        </dd>,
      ])}
    </dl>
  )
}
