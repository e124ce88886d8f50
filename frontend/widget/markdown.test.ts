import { describe, expect, it } from "vitest";
import { render, sources } from "./markdown";

function html(text: string, citations = [{ number: 1, title: "Guide", url: "https://a.test/g", text: "" }]): string {
  const into = document.createElement("div");
  render(into, text, citations);
  return into.innerHTML.replace(/ (rel|target|title|tabindex)="[^"]*"/g, "");
}

describe("Markdown", () => {
  it.each([
    ["plain\ntext\n\nmore", "<p>plain<br>text</p><p>more</p>"],
    ["**bold** and *soft* and `code <b>`", "<p><b>bold</b> and <i>soft</i> and <code>code &lt;b&gt;</code></p>"],
    ["**bold *and* soft**", "<p><b>bold <i>and</i> soft</b></p>"],
    ["snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"],
    ["__b__ _i_ ~~s~~ \\*not\\*", "<p><b>b</b> <i>i</i> <s>s</s> *not*</p>"],
    ["# Title #\ntext", '<p><b>Title</b></p><p>text</p>'],
    ["- a\n- b\n  - c\n- d", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    ["- a\n\n- b\n\nend", "<ul><li>a</li><li>b</li></ul><p>end</p>"],
    ["1. a\n- b", '<ol start="1"><li>a</li></ol><ul><li>b</li></ul>'],
    ["```js\nlet a;\n\n<b>\n```\nend", "<pre><code>let a;\n\n&lt;b&gt;</code></pre><p>end</p>"],
    ["```\nopen **end", "<pre><code>open **end</code></pre>"],
    ["> a\n> **b**", "<blockquote><p>a<br><b>b</b></p></blockquote>"],
    ["a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"],
    ["|a|b|\n|-|-|\n|1|*2*|", '<div class="scroll"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><i>2</i></td></tr></tbody></table></div>'],
    ["see [1] and [2]", '<p>see <sup><a href="https://a.test/g">[1]</a></sup> and [2]</p>'],
    ["[a.test docs](https://a.test/x_(y))", '<p><a href="https://a.test/x_(y)">a.test docs</a></p>'],
    ["[docs](https://a.test/x)", '<p><a href="https://a.test/x">docs<small> (a.test)</small></a></p>'],
    ["go to https://a.test/b.", '<p>go to <a href="https://a.test/b">https://a.test/b</a>.</p>'],
  ])("shows %j", (text, expected) => {
    expect(html(text)).toBe(expected);
  });

  it.each([
    "<script>x</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>)",
    "[x](https://good.test@evil.test/)",
    "![x](javascript:alert(1))",
    "javascript:alert(1)",
  ])("makes nothing active of %j", (text) => {
    expect(html(text)).not.toMatch(/<(script|img|a)\b/);
  });

  it("makes a link of a picture, so that nothing is fetched", () => {
    expect(html("![cat](https://a.test/c.png)")).toBe(
      '<p><a href="https://a.test/c.png">cat<small> (a.test)</small></a></p>',
    );
  });

  it("keeps finished blocks while the text grows", () => {
    const into = document.createElement("div");
    render(into, "one\n\ntw");
    const first = into.firstChild;
    render(into, "one\n\ntwo\n\nthree");
    expect(into.firstChild).toBe(first);
    expect(into.textContent).toBe("onetwothree");
  });

  it("gives the same at the end however the text was cut", () => {
    const text = "# A\n\n- b **c\n- d** `e`\n\n```\nf\n```\n[g](https://h.test) | i\n-|-\n1|2";
    const into = document.createElement("div");
    for (let end = 0; end <= text.length; end += 1) render(into, text.slice(0, end));
    const whole = document.createElement("div");
    render(whole, text);
    expect(into.innerHTML).toBe(whole.innerHTML);
  });

  it.each(["**a ", "[", "[a](", "`", "*_", "_*", "> ", "- ", "|", "![", "[a](b(", "~~~~", "https://", "1. "])(
    "is quick on 32 kB of %j",
    (piece) => {
      const text = piece.repeat(32_000 / piece.length);
      const began = performance.now();
      render(document.createElement("div"), text);
      expect(performance.now() - began).toBeLessThan(5000);
    },
  );

  it("lists sources, without a link to what is no web address", () => {
    const list = sources([{ number: 2, title: "T", url: "javascript:x", text: "why" }], "Sources");
    expect(list.innerHTML).toBe("<summary>Sources (1)</summary><ol><li value=\"2\" tabindex=\"-1\">T<p>why</p></li></ol>");
  });
});
