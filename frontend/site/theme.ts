// Light, dark, or as the machine says.

const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

/** What the server wrote on the page. */
const served: Theme = themes.find((each) => each === document.documentElement.dataset["theme"]) ?? "system";

function stored(): Theme {
  try {
    const theme = localStorage.getItem("theme");
    return themes.find((each) => each === theme) ?? served;
  } catch {
    return served;
  }
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-switch]")) {
    button.dataset["theme"] = theme;
    button.setAttribute("aria-label", button.dataset[`name${theme[0]?.toUpperCase()}${theme.slice(1)}`] ?? theme);
    button.textContent = { system: "◐", light: "○", dark: "●" }[theme];
  }
}

export function themeSwitch(): void {
  apply(stored());
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-switch]")) return;
    const theme = themes[(themes.indexOf(stored()) + 1) % themes.length] ?? "system";
    try {
      localStorage.setItem("theme", theme);
    } catch {
      /* a browser that keeps nothing: the theme holds for this page */
    }
    apply(theme);
  });
}
