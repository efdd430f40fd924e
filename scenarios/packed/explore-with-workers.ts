import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import {
  type ClosedModel,
  compileModel,
  Expander,
  type Exploration,
  explorationOf,
  type Report,
  Search,
  type SearchOptions,
} from "../../model/packed/index.js";
import type { Task } from "./worker.js";

/** Levels smaller than this are not worth waking threads for. */
const SHARED_LEVEL_MIN = 2_048;

/**
 * Every reachable state of a closed model, searched by several threads over one shared table. The same result as
 * `exploreModel`'s whatever their number, except how far a search has come when a bound stops it.
 */
export async function exploreWithWorkers<P>(
  model: ClosedModel<P>,
  { workers = availableParallelism(), ...options }: SearchOptions & { readonly workers?: number } = {},
): Promise<Exploration> {
  const compiled = compileModel(model);
  const search = new Search(compiled, options, workers);
  const here = new Expander(compiled.tables);
  let pool: Piscina<Task, Report> | undefined;
  const threads = () => {
    pool ??= new Piscina<Task, Report>({
      filename: new URL("./worker.js", import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      workerData: compiled.tables,
    });
    return pool;
  };
  const everyone = (task: Task): Promise<Report[]> =>
    Promise.all(Array.from({ length: workers }, () => threads().run(task)));
  try {
    let reports: readonly Report[];
    do {
      const { shared, round } = search;
      const small = round.kind === "expand" && round.currentCount < SHARED_LEVEL_MIN;
      reports = small ? [here.run(shared, round)] : await everyone({ shared, round });
    } while (search.absorb(reports));
  } finally {
    await pool?.destroy();
  }
  return explorationOf(compiled, search);
}
