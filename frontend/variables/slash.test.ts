import { describe, expect, it } from "vitest";
import { insertion, opening, optionsFor } from "./slash";

describe("the variables menu", () => {
  const groups = [{ label: "Visitor", variables: [{ name: "user_name" }, { name: "user_email", label: "E-mail" }] }];

  it("opens after a slash at a word's start and after two braces", () => {
    expect(opening("/")).toEqual({ start: 0, query: "" });
    expect(opening("Hi /us")).toEqual({ start: 3, query: "us" });
    expect(opening("line\n/x")).toEqual({ start: 5, query: "x" });
    expect(opening("Hi {{us")).toEqual({ start: 3, query: "us" });
    expect(opening("/llm1.in")).toEqual({ start: 0, query: "llm1.in" });
  });

  it("stays shut in addresses, fractions and code", () => {
    expect(opening("https://")).toBeNull();
    expect(opening("https://x.org/us")).toBeNull();
    expect(opening("and/or")).toBeNull();
    expect(opening("run `ls /")).toBeNull();
    expect(opening("```\n cd /")).toBeNull();
  });

  it("filters, and offers to create what is not there", () => {
    expect(optionsFor(groups, "mail", true).map((option) => option.kind)).toEqual(["use", "create"]);
    expect(optionsFor(groups, "user_name", true).map((option) => option.kind)).toEqual(["use"]);
    expect(optionsFor(groups, "", true)).toHaveLength(2);
    expect(optionsFor(groups, "9x", true)).toHaveLength(0);
  });

  it("writes the variable over what was typed", () => {
    expect(insertion("Hi /us", 6, "user_name", 3)).toEqual({ from: 3, to: 6, text: "{{user_name}}" });
    expect(insertion("Hi {{us}} x", 7, "user_name", 3)).toEqual({ from: 3, to: 9, text: "{{user_name}}" });
    expect(insertion("us == 1", 2, "llm1.intent", 0, true)).toEqual({ from: 0, to: 2, text: "llm1.intent" });
  });

  it("leaves braces that were typed in a condition", () => {
    expect(insertion("{{us}} == 1", 4, "llm1.intent", 0, true)).toEqual({ from: 0, to: 6, text: "{{llm1.intent}}" });
  });
});
