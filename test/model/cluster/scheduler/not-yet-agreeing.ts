/** Cases of the shared conformance set on which our decision, its execution or the printed status still differs. */
export const notYetAgreeing: readonly string[] = [];
