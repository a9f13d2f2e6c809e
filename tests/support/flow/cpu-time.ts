/**
 * The CPU time of processes.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'

/**
 * CPU time that all threads of some processes have used so far, in milliseconds. It does not include waiting, so a busy
 * machine does not change it.
 *
 * @see {@link https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat /proc/<pid>/schedstat}
 */
export function cpuTime(pids: number[]): number {
  return pids.reduce((sum, pid) => sum + cpuTimeOf(pid), 0)
}

function cpuTimeOf(pid: number): number {
  const tasks = `/proc/${pid}/task`
  const nanoseconds = readdirSync(tasks).map((task) => {
    try {
      return Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0])
    } catch {
      // The thread has ended since the folder was read.
      return 0
    }
  })
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6
}
