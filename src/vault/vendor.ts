/** A provider as the operator sees it: whose keys can be kept, and who answers in its name right now. */
export interface Vendor {
  id: string;
  /** For people. */
  label: string;
  /** `connected`: itself, with a key of ours. `simulated`: the simulator. `off`: nobody. */
  state: 'connected' | 'simulated' | 'off';
}
