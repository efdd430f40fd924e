import { InputError } from "../errors.js";

/** A model that cannot be packed, or a rule that asks for something its model does not have. */
export function problem(
  model: string,
  message: string,
  more: { readonly value?: string; readonly known?: readonly string[]; readonly knownAs?: string } = {},
): InputError {
  return new InputError({ file: `model ${model}`, line: 0, message, ...more });
}

/** An effect gave a variable a value that it cannot have: an error only where that rule is possible in that state. */
export class ValueRefused extends Error {
  override readonly name = "ValueRefused";
}
