// A message leaves: what the customer will read has been looked at, and it leaves once.

const SLOW_MS = 500;
const LOST = ["NotYours", "AlreadyTaken", "PersonOwns", "Closed"];

export class Sending {
  constructor(composer) {
    this.composer = composer;
    this.isBusy = false;
  }

  async send(more = {}) {
    const { composer } = this;
    const { turns } = composer;
    if (turns.reloading) {
      await turns.reloading;
      if (turns.current !== composer) return turns.current.text && turns.current.sending.send(more);
    }
    if (this.isBusy || composer.files.isUnready || composer.isEmpty || this.isTooLong) return;
    this.setBusy(true);
    const { sending } = composer.root.dataset;
    const slow = setTimeout(() => composer.say(sending), SLOW_MS);
    try {
      const result = composer.preview.result ?? (await composer.preview.look());
      if (result && this.isStopped(result, more)) return;
      if (!result && composer.saying.isOut) return;
      if (!navigator.onLine || (!result && composer.preview.isUnreachable)) {
        composer.say(composer.root.dataset.notSent, "problem");
        return;
      }
      await this.leave(result?.text && !more.untranslated ? { shown: result.text, ...more } : more);
    } catch {
      composer.say(composer.root.dataset.unsure, "problem");
    } finally {
      clearTimeout(slow);
      composer.saying.forget(sending);
      this.setBusy(false);
      turns.catchUp();
    }
  }

  async leave(more) {
    const { composer } = this;
    const { key } = composer;
    const seen = document.getElementById("seen")?.value ?? composer.root.dataset.seen;
    const answer = await composer.post("reply", composer.fields({ key, seen, ...more }));
    if (answer.status === 401) return composer.say(composer.root.dataset.out, "out");
    const data = await answer.json();
    if (answer.ok) this.arrived(key);
    else this.refused(data);
    return undefined;
  }

  arrived(key) {
    const { current } = this.composer.turns;
    const shown = current.text ? current : this.composer; // sending takes a conversation: the form may be another by now
    if (shown.key === key) shown.clear(); // else there is a newer text in it
    shown.say(shown.root.dataset.sent, "sent");
  }

  get isTooLong() {
    const { length } = this.composer;
    if (length.isTooLong) this.composer.say(length.place.textContent, "problem");
    return length.isTooLong;
  }

  refused(data) {
    const { composer } = this;
    composer.say(data.message ?? data.text ?? composer.root.dataset.unsure, "problem");
    if (data.preview) composer.preview.show(data.preview);
    if (data.stopped === "gone") composer.files.lookAgain();
    if (LOST.includes(data.error)) composer.turns.reload();
  }

  isStopped(result, more) {
    const { composer } = this;
    const { stopped, noTranslation } = composer.root.dataset;
    if (result.findings.length && !more.override && !more.untranslated) composer.say(stopped, "problem");
    else if (result.untranslated !== undefined && !more.untranslated) composer.say(noTranslation, "problem");
    else return false;
    composer.preview.place.querySelector("button, textarea")?.focus();
    return true;
  }

  /** Past the gate, with a reason. */
  override() {
    const reason = this.composer.find("reason");
    if (reason.value.trim().length < Number(reason.minLength)) {
      reason.reportValidity();
      reason.focus();
      return;
    }
    this.send({ override: reason.value.trim() });
  }

  setBusy(isBusy) {
    this.isBusy = isBusy;
    this.composer.root.toggleAttribute("aria-busy", isBusy);
    this.composer.turnText();
  }
}
