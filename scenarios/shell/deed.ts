import type { NodeId } from "../../model/twin/parts.js";

/** Something that a person is about to do and that can do harm, whatever command does it. */
export type Deed =
  | { readonly kind: "confirm-fence"; readonly node: NodeId }
  | { readonly kind: "start-unit"; readonly node: NodeId; readonly unit: string }
  | { readonly kind: "cleanup"; readonly cluster: string; readonly resource: string | undefined }
  | { readonly kind: "mount"; readonly node: NodeId; readonly mount: string };
