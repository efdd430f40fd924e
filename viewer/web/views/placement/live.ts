/** A part of the view that follows the moment. */
export interface Live {
  refresh(atMs: number): void;
}
