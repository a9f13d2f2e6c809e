/** A list of labels and values. A single fact without a label is shown as a sentence. */
export function Facts({ facts }: { facts: [name: string, value: string][] }) {
  const [[name, value] = ['', ''], ...others] = facts
  if (name === '' && others.length === 0)
    return (
      <p className="small">
        <bdi>{value}</bdi>
      </p>
    )
  return (
    <dl className="facts">
      {facts.map(([term, known]) => [
        <dt key={`${term} of ${known}`}>{term}</dt>,
        <dd key={`${term} ${known}`}>
          <bdi>{known}</bdi>
        </dd>,
      ])}
    </dl>
  )
}
