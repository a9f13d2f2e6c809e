/** What happens, a sentence each. */
export function Effects({ effects }: { effects: string[] }) {
  return (
    <ul>
      {effects.map((effect) => (
        <li key={effect}>{effect}</li>
      ))}
    </ul>
  )
}
