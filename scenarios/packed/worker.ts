import { workerData } from "piscina";
import { Expander, type Report, type Round, type Shared } from "../../model/packed/expander.js";
import type { Tables } from "../../model/packed/tables.js";

/** What a round's workers are given; the arrays of `shared` are the same memory for all of them. */
export interface Task {
  readonly shared: Shared;
  readonly round: Round;
}

let expander: Expander | undefined;

/** One worker's share of a round. A pool serves one search: the model's tables come with its threads. */
export default function expand({ shared, round }: Task): Report {
  expander ??= new Expander(workerData as Tables);
  return expander.run(shared, round);
}
