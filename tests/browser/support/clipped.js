// The controls of a page that are cut, one line each: what cannot be seen whole cannot be used with trust.
//
// A control is cut when its box goes beyond the window, or beyond an ancestor that hides what goes beyond it, unless
// something between them scrolls there. Its words are cut when they end without an ellipsis; with one, a button, a tab or
// a field must say them whole on hover (title). A link may be short: it leads to what it names.
() => {
  const CONTROLS =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, " +
    "[role=button], [role=link], [role=tab], [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], " +
    "[role=option], [role=switch], [role=radio], [role=checkbox], [role=combobox], [role=textbox]"
  // Half a pixel is the browser's rounding; the other half is a border on a fractional place.
  const SLACK = 1
  const root = document.documentElement
  const found = []

  const say = (element, what) => {
    const name = (
      element.getAttribute("aria-label") ||
      element.innerText ||
      element.getAttribute("placeholder") ||
      element.getAttribute("name") ||
      ""
    )
    const kind = element.getAttribute("role") ?? element.tagName.toLowerCase()
    found.push(`${kind} "${name.trim().replace(/\s+/gu, " ").slice(0, 60)}" ${what}`)
  }

  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest("[inert], [aria-hidden=true]")

  // What is for readers alone is a pixel, or cut to nothing on purpose.
  const isForReadersAlone = (box, style) =>
    box.width <= 2 || box.height <= 2 || style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)"

  // The box that an absolute or fixed element is laid out in: what lies between does not cut it.
  const holds = (style, position) =>
    style.transform !== "none" ||
    style.filter !== "none" ||
    /paint|layout|strict|content/u.test(style.contain) ||
    (position === "absolute" && style.position !== "static")

  const cutBy = (control) => {
    let { left, right, top, bottom } = control.getBoundingClientRect()
    let position = getComputedStyle(control).position
    for (let at = control.parentElement; at && at !== root; at = at.parentElement) {
      const style = getComputedStyle(at)
      if ((position === "absolute" || position === "fixed") && !holds(style, position)) continue
      position = style.position
      if (at === document.body) continue
      const outer = at.getBoundingClientRect()
      const inner = {
        left: outer.left + at.clientLeft,
        top: outer.top + at.clientTop,
        right: outer.left + at.clientLeft + at.clientWidth,
        bottom: outer.top + at.clientTop + at.clientHeight,
      }
      for (const [axis, start, end] of [["overflowX", "left", "right"], ["overflowY", "top", "bottom"]]) {
        const how = style[axis]
        if (how === "visible") continue
        const [from, to] = axis === "overflowX" ? [left, right] : [top, bottom]
        const goesBeyond = from < inner[start] - SLACK || to > inner[end] + SLACK
        if (goesBeyond && (how === "hidden" || how === "clip")) {
          const by = Math.round(Math.max(inner[start] - from, to - inner[end]))
          const who = String(at.className).split(" ")[0] || at.tagName.toLowerCase()
          return `is cut by ${by} px at its ${from < inner[start] - SLACK ? start : end} (by ${who})`
        }
        // What scrolls brings it here whole.
        if (axis === "overflowX") [left, right] = [Math.max(left, inner.left), Math.min(right, inner.right)]
        else [top, bottom] = [Math.max(top, inner.top), Math.min(bottom, inner.bottom)]
      }
      // Scrolled out of sight: nothing further out can cut it.
      if (left >= right || top >= bottom) return null
    }
    if (left < -SLACK || right > root.clientWidth + SLACK) {
      return `goes ${Math.round(Math.max(-left, right - root.clientWidth))} px beyond the window's side`
    }
    const pageScrolls = position !== "fixed" && root.scrollHeight > root.clientHeight
    if (!pageScrolls && (top < -SLACK || bottom > innerHeight + SLACK)) {
      return `goes ${Math.round(Math.max(-top, bottom - innerHeight))} px beyond the window's ${top < -SLACK ? "top" : "foot"}`
    }
    return null
  }

  const pen = document.createElement("canvas").getContext("2d")
  const wide = (text, style) => {
    pen.font = style.font
    return pen.measureText(text).width
  }

  const titled = (element, control) => {
    for (let at = element; at; at = at.parentElement) {
      if (at.title) return true
      if (at === control) break
    }
    return Boolean(control.closest("[title]"))
  }

  const wordsCut = (control) => {
    const style = getComputedStyle(control)
    if (control.matches("input, select")) {
      const room = control.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight)
      const typed = control.matches("input:is([type=text], [type=search], [type=email], [type=password], :not([type]))")
      const text = control.matches("select")
        ? control.selectedOptions[0]?.text
        : typed && control.value === "" && control.placeholder
      if (text && wide(text, style) > room + SLACK) return `has no room for "${text.slice(0, 60)}"`
      return null
    }
    for (const element of [control, ...control.querySelectorAll("*")]) {
      // Only who holds words itself; a picture's edge is no matter.
      if (![...element.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.textContent.trim())) continue
      if (!isShown(element)) continue
      const box = element.getBoundingClientRect()
      const own = getComputedStyle(element)
      if (isForReadersAlone(box, own)) continue
      const clamped = own.webkitLineClamp !== "none"
      const sideways = element.scrollWidth > element.clientWidth + SLACK && element.clientWidth > 0
      const down = element.scrollHeight > element.clientHeight + 2 && element.clientHeight > 0
      const hidesX = own.overflowX === "hidden" || own.overflowX === "clip"
      const hidesY = own.overflowY === "hidden" || own.overflowY === "clip"
      if (sideways && hidesX && own.textOverflow !== "ellipsis" && !clamped) return "has its words cut without a sign of it"
      if (down && hidesY && !clamped && own.textOverflow !== "ellipsis") return "has its lines cut without a sign of it"
      const short = (sideways && hidesX) || (down && hidesY && clamped)
      const leads = control.matches("a[href], [role=option], [role=link]")
      if (short && !leads && !titled(element, control)) return "has its words shortened, and says them whole nowhere (title)"
    }
    return null
  }

  for (const control of document.querySelectorAll(CONTROLS)) {
    const box = control.getBoundingClientRect()
    const style = getComputedStyle(control)
    // Skipping to the content waits above the window until it has the focus.
    const waits = control.matches("a[href^='#']") && control !== document.activeElement && box.bottom <= 0
    if (!isShown(control) || isForReadersAlone(box, style) || waits) continue
    const cut = cutBy(control)
    if (cut) say(control, cut)
    const words = wordsCut(control)
    if (words) say(control, words)
  }
  return [...new Set(found)]
}
