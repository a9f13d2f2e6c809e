/** Lists what an action will do, one sentence each. */
export function Effects({ effects }: { effects: string[] }) {
  return (
    <ul>
      {effects.map((effect) => (
        <li key={effect}>{effect}</li>
      ))}
    </ul>
  )
}
