/** Something a user does; served while every leg is. */
export interface Journey {
  readonly id: string;
  readonly title: string;
  readonly legs: readonly Leg[];
}

export type Leg =
  | {
      /** A client outside opens a connection and gets a real answer: the service behind it and all it needs work. */
      readonly kind: "reach";
      readonly address: string;
      readonly port: number;
      /** For people: "keystone". */
      readonly what: string;
    }
  | {
      /** Glance writes an image to its store. */
      readonly kind: "store-image";
    }
  | {
      /** A new guest comes up: conductor, scheduler, a live nova-compute with its L2 agent, and DHCP on the network. */
      readonly kind: "boot-guest";
      /** Neutron network. */
      readonly network: string;
    }
  | { readonly kind: "guest-metadata"; readonly guest: string }
  | { readonly kind: "guest-reachable"; readonly guest: string }
  | {
      /** A volume of this tier is made and attached on the compute node. */
      readonly kind: "attach-volume";
      readonly tier: string;
      readonly compute: string;
    };
