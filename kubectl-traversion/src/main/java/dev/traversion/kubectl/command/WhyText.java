/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.kubectl.terminal.Paragraph;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Causes and incidents, for people. */
final class WhyText {

    private static final int LONGEST = 300;

    private final Terminal terminal;
    private final int columns;
    private final boolean isWide;
    private final boolean isAll;
    private final Instant now = Instant.now();

    /**
     * For one answer.
     *
     * @param columns lines are no longer than this, where words allow it
     * @param isAll also the causes that are less likely, and what was ruled out
     */
    WhyText(Terminal terminal, int columns, boolean isWide, boolean isAll) {
        this.terminal = terminal;
        this.columns = columns;
        this.isWide = isWide;
        this.isAll = isAll;
    }

    /** What was wrong, a line each. */
    void incidents(JsonNode answer) {
        for (JsonNode each : answer.path("incidents")) {
            line(time(each.path("from")) + "  " + terminal.removed(words(each.path("what"))) + "  "
                    + terminal.bold(name(each.path("object"))) + "  " + brief(each.path("text"))
                    + (each.has("to") ? terminal.dim("  (until " + time(each.path("to")) + ")") : ""));
        }
        if (answer.path("incidents").isEmpty()) {
            terminal.note("Nothing was wrong.");
        }
        if (answer.path("omitted").asInt() > 0) {
            terminal.note("... and " + answer.path("omitted").asInt() + " more: choose a namespace with -n.");
        }
        hidden(answer);
    }

    void verdict(JsonNode answer) {
        for (JsonNode each : answer.path("symptoms")) {
            line(terminal.bold(name(each.path("object"))) + "  " + terminal.removed(words(each.path("what")))
                    + " since " + time(each.path("from")) + ": " + brief(each.path("text")));
            seen(each);
        }
        if (answer.has("verdict")) {
            line("");
            cause("Cause", answer.path("verdict"));
        } else {
            line(answer.path("summary").asText());
        }
        List<JsonNode> others = new ArrayList<>();
        answer.path("causes").forEach(others::add);
        if (!others.isEmpty()) {
            others.removeFirst();
        }
        answer.path("candidates").forEach(others::add);
        if (isAll || !answer.has("verdict")) {
            others.forEach(each -> cause("Candidate", each));
        } else if (!others.isEmpty()) {
            terminal.note(others.size() + " less likely: --all shows them.");
        }
        if (isAll) {
            for (JsonNode each : answer.path("ruledOut")) {
                line("Ruled out: " + change(each.path("change")) + ": "
                        + each.path("why").asText());
            }
        }
        for (JsonNode each : answer.path("missing")) {
            terminal.note("Missing: " + each.path("what").asText() + " " + time(each.path("from")) + " .. "
                    + time(each.path("to")) + ": " + each.path("reason").asText());
        }
        hidden(answer);
    }

    /** What the node's kernel saw of it. */
    private void seen(JsonNode what) {
        for (JsonNode evidence : what.path("evidence")) {
            if (evidence.path("type").asText().equals("kernel")) {
                line("  " + terminal.dim(time(evidence.path("time"))) + "  the node saw: "
                        + brief(evidence.path("text")));
            }
        }
    }

    private void hidden(JsonNode answer) {
        for (JsonNode each : answer.path("hidden")) {
            terminal.note("Hidden from you: " + each.asText());
        }
    }

    private void cause(String title, JsonNode cause) {
        String how =
                switch (cause.path("tier").asText()) {
                    case "A" -> "proved";
                    case "B" -> "matches what was observed";
                    default -> "correlated only";
                };
        line(title + " (" + cause.path("tier").asText() + ", " + how + "): "
                + terminal.bold(change(cause.path("change"))));
        for (JsonNode other : cause.path("with")) {
            line("  together with " + change(other));
        }
        for (JsonNode step : cause.path("chain")) {
            line("  " + terminal.dim(time(step.path("time"))) + "  " + name(step.path("object")) + "  "
                    + reason(step)
                    + terminal.dim("  [" + step.path("tier").asText() + " "
                            + step.path("rule").asText() + "]"));
            if (!isWide) {
                seen(step);
            } else {
                for (JsonNode evidence : step.path("evidence")) {
                    line("      " + time(evidence.path("time")) + " "
                            + evidence.path("type").asText() + " "
                            + name(evidence.path("object"))
                            + " at version " + evidence.path("resourceVersion").asText() + ": "
                            + brief(evidence.path("text")));
                }
                step.path("commands").forEach(command -> line("      $ " + command.asText()));
            }
        }
    }

    /** What a step says, without the object that stands before it anyway. */
    private static String reason(JsonNode step) {
        JsonNode object = step.path("object");
        String namespace = object.path("namespace").asText("");
        String name = object.path("kind").asText() + " " + (namespace.isEmpty() ? "" : namespace + "/")
                + object.path("name").asText() + " ";
        String text = brief(step.path("text"));
        return text.startsWith(name) ? text.substring(name.length()) : text;
    }

    private String change(JsonNode change) {
        String actor = change.path("actor").path("manager").asText("");
        String via = change.path("actor").path("via").asText("");
        String values = change.path("operation").asText().equals("changed")
                ? ": " + value(change, "old") + " -> " + value(change, "new")
                : change.has("new") ? ": " + value(change, "new") : "";
        return name(change.path("object")) + " " + change.path("operation").asText()
                + (change.path("path").asText().isEmpty()
                        ? ""
                        : " " + change.path("path").asText())
                + values + " at " + time(change.path("time"))
                + (actor.isEmpty() ? "" : " by " + actor)
                + (via.isEmpty() ? "" : " (" + via + ")");
    }

    private static String value(JsonNode change, String name) {
        JsonNode value = change.get(name);
        return value == null ? "none" : brief(value);
    }

    private static String name(JsonNode object) {
        String namespace = object.path("namespace").asText("");
        return object.path("resource").asText() + "/" + object.path("name").asText()
                + (namespace.isEmpty() ? "" : " -n " + namespace);
    }

    private static String words(JsonNode what) {
        return what.asText().replace('_', ' ');
    }

    private static String brief(JsonNode value) {
        String text = (value.isTextual() ? value.asText() : value.toString()).replace("\n", " ");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    private String time(JsonNode time) {
        if (time.asText().isEmpty()) {
            return "";
        }
        Instant exact = Instant.parse(time.asText());
        return MomentText.brief(isWide ? exact : exact.truncatedTo(ChronoUnit.MILLIS), now);
    }

    private void line(String text) {
        terminal.out().println(Paragraph.wrap(text, columns, "    "));
    }
}
