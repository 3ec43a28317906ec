// Loaded before the page is drawn, so that it is never first light and then dark. Not a module: those run too late.
(() => {
  const wanted = () => {
    try {
      return localStorage.getItem("desk:theme");
    } catch {
      return null; // storage is off: as the device has it
    }
  };
  const apply = () => {
    const theme = wanted();
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  };
  apply();
  addEventListener("storage", apply);
})();
