export { compileModel } from "./compile.js";
export {
  type ClosedModel,
  closedModel,
  each,
  type Facts,
  flag,
  oneOf,
  type Rule,
  range,
  type State,
} from "./declare.js";
export { Expander } from "./expander.js";
export { Search } from "./search.js";
