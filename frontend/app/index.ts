// The behaviour that every page shares.
export {};
