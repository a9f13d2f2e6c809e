/** A page with no client component. */
export default function Page() {
  return <main>Nothing.</main>
}
