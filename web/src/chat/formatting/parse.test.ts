import { describe, expect, test } from "vitest";
import { type Block, type Inline, parse } from "./parse";

/** The tree as one can read it: marks as letters, links in brackets. */
function inline(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text") return node.text;
      if (node.type === "code") return `‹${node.text}›`;
      if (node.type === "link")
        return node.href === node.text ? `[${node.text}]` : `[${node.text}→${node.href}]`;
      return `${{ strong: "B", emphasis: "I", strike: "S" }[node.type]}(${inline(node.children)})`;
    })
    .join("");
}

function block(one: Block): string {
  switch (one.type) {
    case "paragraph":
      return `p:${inline(one.children)}`;
    case "code":
      return `code:${one.text}`;
    case "quote":
      return `q{${one.children.map(block).join(" | ")}}`;
    case "list":
      return `${one.ordered ? "ol" : "ul"}{${one.items
        .map(
          ({ number, level, children }) =>
            `${">".repeat(level)}${number ?? ""}${number === null ? "" : "."}${inline(children)}`,
        )
        .join(" | ")}}`;
  }
}

const seen = (text: string): string => parse(text).map(block).join(" || ");
const line = (text: string): string => seen(text).replace(/^p:/u, "");

describe("inside a line", () => {
  test("the marks", () => {
    expect(line("un **gras**, un *penché*, un ~~barré~~, du `code`")).toBe(
      "un B(gras), un I(penché), un S(barré), du ‹code›",
    );
    expect(line("***les deux***")).toBe("B(I(les deux))");
    expect(line("**gras et *penché***")).toBe("B(gras et I(penché))");
    expect(line("*a **b** c*")).toBe("I(a B(b) c)");
    expect(line("l’**eau** monte (**vite**), *vraiment*.")).toBe("l’B(eau) monte (B(vite)), I(vraiment).");
  });

  test("what is no mark stays", () => {
    for (const text of [
      "2 * 3 * 4",
      "a*b*c et 3*4",
      "** pas gras **",
      "**jamais fermé",
      "fermé jamais ouvert**",
      "**** et ****",
      "~une~ vague, ~~",
      "`jamais fermé",
      "``deux` ne ferment pas",
      "_souligné_ et plan_de_crise_2026",
      "<b>gras</b> <script>alert(1)</script> &lt;",
      "# pas un titre",
      "[un lien](x)",
    ]) {
      expect(line(text)).toBe(text);
    }
  });

  test("crossed and unbalanced marks", () => {
    expect(line("*a **b* c**")).toBe("I(a **b) c**");
    expect(line("**a *b** c*")).toBe("B(a *b) c*");
    expect(line("**a **b** c")).toBe("B(a **b) c");
    expect(line("~~a **b ~~c")).toBe("~~a **b ~~c");
  });

  test("code keeps everything inside it", () => {
    expect(line("`**a** https://exemple.fr`")).toBe("‹**a** https://exemple.fr›");
    expect(line("`` un ` dedans ``")).toBe("‹un ` dedans›");
    expect(line("**a `b** c`")).toBe("**a ‹b** c›");
    expect(line("```sur une ligne```")).toBe("‹sur une ligne›");
  });

  test("marks go over the lines of a paragraph, not beyond", () => {
    expect(line("**deux\nlignes**")).toBe("B(deux\nlignes)");
    expect(seen("**un\n\ndeux**")).toBe("p:**un || p:deux**");
  });

  test("emoji and letters of two units beside a mark", () => {
    expect(line("👍**oui**👍")).toBe("👍B(oui)👍");
    expect(line("𝐚**b**")).toBe("𝐚**b**");
  });
});

describe("links", () => {
  test("bare addresses", () => {
    expect(line("Voir https://exemple.fr/a_b?c=d&e=*f*#g ici")).toBe(
      "Voir [https://exemple.fr/a_b?c=d&e=*f*#g] ici",
    );
    expect(line("HTTP://Exemple.fr")).toBe("[HTTP://Exemple.fr→http://Exemple.fr]");
    expect(line("www.exemple.fr/x")).toBe("[www.exemple.fr/x→https://www.exemple.fr/x]");
    expect(line("mailto:a.b@exemple.fr et c@d.fr.")).toBe(
      "[mailto:a.b@exemple.fr] et [c@d.fr→mailto:c@d.fr].",
    );
    expect(line("https://préfecture.fr:8080/é")).toBe("[https://préfecture.fr:8080/é]");
    expect(line("http://[::1]:80/a")).toBe("[http://[::1]:80/a]");
    // Cyrillic letters that pass for Latin ones: spelled out, and the address stays the one that was written.
    expect(line("http://аррӏе.com/x")).toBe("[http://xn--80ak6aa92e.com/x→http://аррӏе.com/x]");
    expect(line("www.аррӏе.com")).toBe("[www.xn--80ak6aa92e.com→https://www.аррӏе.com]");
  });

  test("end where the sentence goes on", () => {
    expect(line("(https://exemple.fr/a), puis")).toBe("([https://exemple.fr/a]), puis");
    expect(line("https://fr.exemple.org/Pont_(pont) !")).toBe("[https://fr.exemple.org/Pont_(pont)] !");
    expect(line("https://exemple.fr… et https://exemple.fr/x?")).toBe(
      "[https://exemple.fr]… et [https://exemple.fr/x]?",
    );
    expect(line("« https://exemple.fr »\u202f!")).toBe("« [https://exemple.fr] »\u202f!");
    expect(line("**https://exemple.fr**")).toBe("B([https://exemple.fr])");
    expect(line("~~https://exemple.fr/a~~")).toBe("S([https://exemple.fr/a])");
    expect(line("contact@exemple.fr, (x@exemple.fr)")).toBe(
      "[contact@exemple.fr→mailto:contact@exemple.fr], ([x@exemple.fr→mailto:x@exemple.fr])",
    );
  });

  test("nothing else is one", () => {
    for (const text of [
      "javascript:alert(1)",
      "JavaScript://exemple.fr/%0aalert(1)",
      "data:text/html,<script>alert(1)</script>",
      "vbscript:x file:///etc/passwd ftp://exemple.fr blob:https",
      "xhttps://exemple.fr",
      "https://",
      "http:///chemin https://?a https://.",
      "https://impots.gouv.fr@ailleurs.example/",
      "mailto:personne www.",
      "@agathe a@b @",
      "java\u0000script:alert(1)",
    ]) {
      expect(line(text)).toBe(text);
    }
  });

  test("a mark that turns the direction ends an address", () => {
    expect(line("https://exemple.fr/\u202egpj.exe")).toBe("[https://exemple.fr/]\u202egpj.exe");
  });

  test("every href begins with one of the three schemes, whatever is written", () => {
    const pieces = [
      "javascript:",
      "https://",
      "mailto:",
      "www.",
      "a@b.fr",
      "//",
      "*",
      "`",
      "~~",
      " ",
      "\n",
      "(",
      "x",
      "\t",
      "é",
    ];
    let seed = 7;
    const any = (): string => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return pieces[seed % pieces.length] ?? "";
    };
    const hrefs = (nodes: readonly Inline[]): string[] =>
      nodes.flatMap((node) =>
        node.type === "link" ? [node.href] : "children" in node ? hrefs(node.children) : [],
      );
    const all = (blocks: readonly Block[]): string[] =>
      blocks.flatMap((one) => {
        if (one.type === "paragraph") return hrefs(one.children);
        if (one.type === "quote") return all(one.children);
        return one.type === "list" ? one.items.flatMap(({ children }) => hrefs(children)) : [];
      });
    const found: string[] = [];
    for (let round = 0; round < 3000; round += 1) {
      found.push(...all(parse(Array.from({ length: 12 }, any).join(""))));
    }
    expect(found.length).toBeGreaterThan(500);
    expect(found.filter((href) => !/^(https?:\/\/[\p{L}\p{N}[]|mailto:[^\s]+@)/u.test(href))).toEqual([]);
  });
});

describe("blocks", () => {
  test("paragraphs and their lines", () => {
    expect(seen("a\nb\n\n\nc\r\nd")).toBe("p:a\nb || p:c\nd");
    expect(seen("  \n ")).toBe("");
  });

  test("lists keep the numbers that were written", () => {
    expect(seen("À faire :\n- un\n- **deux**\n  - bis\n      - ter")).toBe(
      "p:À faire : || ul{un | B(deux) | >bis | >>ter}",
    );
    expect(seen("1. un\n2. deux\n7) sept")).toBe("ol{1.un | 2.deux | 7.sept}");
    expect(seen("* a\n• b")).toBe("ul{a | b}");
    expect(seen("- a\n1. b")).toBe("ul{a} || ol{1.b}");
    expect(seen("-\n- \n-pas une liste\n3,5 m\n1.5 m")).toBe("p:-\n- \n-pas une liste\n3,5 m\n1.5 m");
  });

  test("quotes, in one another up to three", () => {
    expect(seen("> a\n> - b\n>> c\nd")).toBe("q{p:a | ul{b} | q{p:c}} || p:d");
    expect(seen(`${">".repeat(6)} x`)).toBe("q{q{q{p:>>> x}}}");
  });

  test("blocks of code", () => {
    expect(seen("avant\n```sql\nselect *\n  from a; -- **b**\n```\naprès")).toBe(
      "p:avant || code:select *\n  from a; -- **b** || p:après",
    );
    expect(seen("```\na\nb```")).toBe("code:a\nb");
    expect(seen("```\njamais fermé\n- a")).toBe("p:```\njamais fermé || ul{a}");
    expect(seen("> ```\n> a\n> ```")).toBe("q{code:a}");
  });
});

describe("hostile text", () => {
  const LENGTH = 20_000;
  const fill = (piece: string): string => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);
  const texts = [
    "*",
    "**",
    "***a",
    "*a",
    "a*",
    "**a ",
    "~~",
    "~~a*b**",
    "`",
    "`a",
    "``a`",
    "a`b",
    "```\n",
    "```a\n",
    "> ",
    ">",
    "> > - a\n",
    "- a\n",
    "1. a\n",
    "  - *a\n",
    "http://",
    "https://a@",
    "http://a(",
    "www.",
    "www.a",
    "mailto:",
    "mailto:a@b.",
    "a@",
    "a@b.",
    "a.b.c.d-",
    "hhhh",
    "h*",
    "(",
    ")",
    "https://a.fr/)))",
    "\n",
    " ",
    "\t",
    "<script>",
    "é",
    "👍",
    "\\",
    "[a](b)",
    "*a **b ~~c `d ",
    "a@b.fr ",
    "http://a.fr ",
    `http://${"a".repeat(2000)} `,
    `http://${"a@".repeat(1000)} `,
    `www.${"a-".repeat(1000)} `,
    `${"mailto:".repeat(290)} `,
    `${"x".repeat(63)}@${"a-".repeat(120)} `,
  ];

  /** The best of some runs, until it is good: others share this machine, and they are not what is measured. */
  function time(text: string, good: number, runs: number): number {
    let best = Number.POSITIVE_INFINITY;
    for (let run = 0; run < runs && best >= good; run += 1) {
      const start = performance.now();
      parse(text);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  }

  // A busy machine may spoil one measurement; a parser that is slow is slow each time.
  test("20,000 characters take less than a picture on the screen, on a slow machine too", {
    retry: 4,
  }, () => {
    const times = texts.map((piece) => [piece.slice(0, 20), time(fill(piece), 16, 12)] as const);
    expect(times.filter(([, best]) => best >= 16)).toEqual([]);
  });

  test("time grows with the length, not with its square", { retry: 8, timeout: 40_000 }, () => {
    const square = texts.filter((piece) => {
      const text = fill(piece);
      const once = Math.max(0.5, time(text, 0, 3));
      // Eight times the text: 8 when it grows with the length, 64 with its square.
      return time(text.repeat(8), once * 40, 4) >= once * 40;
    });
    expect(square).toEqual([]);
  });

  test("no depth of marks overflows", () => {
    expect(() => parse(fill("> ").repeat(20))).not.toThrow();
    expect(() => parse(fill("**~~*a").repeat(20))).not.toThrow();
  });

  test("no character is lost or added", () => {
    const text = (nodes: readonly Inline[]): string =>
      nodes.map((node) => ("children" in node ? text(node.children) : node.text)).join("");
    for (const piece of ["*a **b ~~c `d ", "a*", "http://a@ *", "**a ", "a@b.fr ", "(www.a.fr) "]) {
      const written = fill(piece);
      const [first] = parse(written);
      if (first?.type !== "paragraph") throw new Error("expected a paragraph");
      const bare = (all: string): string => all.replaceAll(/[*~`]/gu, "");
      expect(bare(text(first.children))).toBe(bare(written));
    }
  });
});
