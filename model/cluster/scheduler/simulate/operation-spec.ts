/** `RESOURCE_TASK_INTERVAL@NODE=RC`, as `--op-inject` and `--op-fail` take it. */
export interface OperationSpec {
  readonly text: string;
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly node: string;
  readonly rc: number;
}

const SPEC =
  /^(.+)_(monitor|start|stop|promote|demote|notify|reload|reload-agent|migrate_to|migrate_from|[a-z-]+)_(\d+)@([^=]+)=(-?\d+)$/;

/** Undefined where the text is no such specification. */
export function parseOperationSpec(text: string): OperationSpec | undefined {
  const m = SPEC.exec(text);
  if (!m) return undefined;
  let [resource, operation] = [m[1]!, m[2]!];
  for (const half of ["migrate", "pre_notify", "post_notify"]) {
    if (resource.endsWith(`_${half}`)) {
      resource = resource.slice(0, -half.length - 1);
      operation = `${half}_${operation}`;
    }
  }
  return { text, resource, operation, intervalMs: Number(m[3]), node: m[4]!, rc: Number(m[5]) };
}
