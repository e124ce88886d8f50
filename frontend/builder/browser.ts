// The browser's storage, or none where the person has switched it off: then even asking for it throws.
import type { Store } from "./storage";

const nowhere: Store = {
  length: 0,
  key: () => null,
  getItem: () => null,
  setItem: () => {
    throw new DOMException("This browser keeps nothing.", "QuotaExceededError");
  },
  removeItem: () => {},
};

function found(): Store {
  try {
    return localStorage;
  } catch {
    return nowhere;
  }
}

export const browserStore = found();
