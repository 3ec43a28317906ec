// What outlives the page: token, conversation and unsent messages. Without storage (private mode) it lives in memory.

class Store {
  constructor(storage, key) {
    this.storage = storage;
    this.key = key;
    this.memory = {};
  }

  /** Everything kept; {} when there is nothing or it cannot be read. */
  read() {
    try {
      const kept = JSON.parse(this.storage().getItem(this.key) || "{}");
      return kept && typeof kept === "object" ? kept : {};
    } catch {
      return this.memory; // blocked by the browser, or not ours
    }
  }

  /** Keep these fields besides the others; undefined forgets one. */
  write(fields) {
    const all = { ...this.read(), ...fields };
    this.memory = all;
    try {
      this.storage().setItem(this.key, JSON.stringify(all));
    } catch {
      return; // blocked or full: memory has it
    }
  }
}

const STORE_KEY = `aftersail:${BASE.host}${BASE.pathname}:${PAGE.market}`;
const store = new Store(() => localStorage, STORE_KEY);
const tab = new Store(() => sessionStorage, STORE_KEY);
