/** The CRM feature set of Pacemaker 2.1.5, as its graphs and the histories made from them carry it. */
export const FEATURE_SET = "3.16.1";
