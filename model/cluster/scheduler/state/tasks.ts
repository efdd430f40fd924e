/** What an action does, as small numbers: actions are looked up by these, their names are only for print. */
export const Task = {
  None: 0,
  Monitor: 1,
  Start: 2,
  Started: 3,
  Stop: 4,
  Stopped: 5,
  Promote: 6,
  Promoted: 7,
  Demote: 8,
  Demoted: 9,
  Notify: 10,
  Notified: 11,
  MigrateTo: 12,
  MigrateFrom: 13,
  Reload: 14,
  Delete: 15,
  Cancel: 16,
  ClearFailcount: 17,
  Fence: 18,
  Shutdown: 19,
  LoadStopped: 20,
  AllStopped: 21,
  OneOrMore: 22,
  MaintenanceNodes: 23,
  ForgetHistory: 24,
  ProbeAgain: 25,
} as const;
export type Task = (typeof Task)[keyof typeof Task];

/** The names that the transition graph and the operation keys use. */
export const taskName: readonly string[] = [
  "",
  "monitor",
  "start",
  "running",
  "stop",
  "stopped",
  "promote",
  "promoted",
  "demote",
  "demoted",
  "notify",
  "notified",
  "migrate_to",
  "migrate_from",
  "reload-agent",
  "delete",
  "cancel",
  "clear_failcount",
  "stonith",
  "do_shutdown",
  "load_stopped",
  "all_stopped",
  "one-or-more",
  "maintenance_nodes",
  "lrm_delete",
  "probe_again",
];

/** The task whose completion a collective's "-ed" pseudo-action announces. */
export function atomicTask(task: Task): Task {
  switch (task) {
    case Task.Started:
      return Task.Start;
    case Task.Stopped:
      return Task.Stop;
    case Task.Promoted:
      return Task.Promote;
    case Task.Demoted:
      return Task.Demote;
    case Task.Notified:
      return Task.Notify;
    default:
      return task;
  }
}

/** The pseudo-action that announces that a collective's task is complete. */
export function completedTask(task: Task): Task {
  switch (task) {
    case Task.Start:
      return Task.Started;
    case Task.Stop:
      return Task.Stopped;
    case Task.Promote:
      return Task.Promoted;
    case Task.Demote:
      return Task.Demoted;
    case Task.Notify:
      return Task.Notified;
    default:
      return task;
  }
}

/** The task that undoes another, for the reversed half of a symmetrical ordering. */
export function inverseTask(task: Task): Task {
  switch (task) {
    case Task.Start:
      return Task.Stop;
    case Task.Stop:
      return Task.Start;
    case Task.Promote:
      return Task.Demote;
    case Task.Demote:
      return Task.Promote;
    case Task.Promoted:
      return Task.Demoted;
    case Task.Demoted:
      return Task.Promoted;
    case Task.Started:
      return Task.Stopped;
    case Task.Stopped:
      return Task.Started;
    default:
      return Task.None;
  }
}

const byName: ReadonlyMap<string, Task> = new Map([
  ["start", Task.Start],
  ["stop", Task.Stop],
  ["promote", Task.Promote],
  ["demote", Task.Demote],
  ["monitor", Task.Monitor],
]);

export function taskOf(name: string): Task {
  return byName.get(name) ?? Task.None;
}
