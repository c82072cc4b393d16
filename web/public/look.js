// Runs before the first paint, so that a chosen look or language does not flash into place.
(() => {
  try {
    const theme = localStorage.getItem("bastide.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem("bastide.language");
    if (language === "fr" || language === "en") document.documentElement.lang = language;
  } catch {
    // No storage: the device decides.
  }
})();
