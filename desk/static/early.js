// A button that only scripts give a meaning is pressed again for whoever was quicker than the scripts. Not a module: those run too late.
(() => {
  let pressed = null;

  const onClick = (event) => {
    const button = event.target.closest?.("button[type=button]");
    if (!button || button.hasAttribute("popovertarget")) return;
    event.stopImmediatePropagation();
    pressed = button;
  };

  addEventListener("click", onClick, true);
  addEventListener("DOMContentLoaded", () => {
    // All listeners of this event have to have run: htmx begins with it, too.
    setTimeout(() => {
      removeEventListener("click", onClick, true);
      if (pressed?.isConnected) pressed.click();
    });
  });
})();
