import { DatabaseSync } from 'node:sqlite'

/** Opens the database, and creates tables that do not exist. `things` holds the application's own data. */
export function openDatabase(file) {
  const db = new DatabaseSync(file)
  db.exec(`
    CREATE TABLE IF NOT EXISTS things (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS adoptions (id TEXT PRIMARY KEY, state TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS moved (adoption TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (adoption, thing));
  `)
  return db
}

/** Runs `work` in one transaction, which is rolled back if `work` throws. Returns what `work` returns. */
export function transaction(db, work) {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** The state of an adoption: `committed`, `abandoned`, `undone`, or undefined if there is none yet. */
export const stateOf = (db, id) => db.prepare('SELECT state FROM adoptions WHERE id = ?').get(id)?.state

/** Stores the state of an adoption. */
export const note = (db, id, state) =>
  db.prepare('INSERT OR REPLACE INTO adoptions VALUES (?, ?)').run(id, state)
