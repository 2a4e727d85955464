/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.FieldOwner;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Differences for people. */
final class DiffText {

    private static final int LONGEST = 160;
    private static final int BRIEF = 80;
    private static final String MASKED_ANEW = "masked with another key; whether it changed is not known";

    private final Terminal terminal;
    private final PrintStream out;
    private final Instant now = Instant.now();

    DiffText(Terminal terminal) {
        this.terminal = terminal;
        this.out = terminal.out();
    }

    void add(ObjectDiff difference) {
        String sign =
                switch (difference.change()) {
                    case ADDED -> terminal.added("+");
                    case REMOVED -> terminal.removed("-");
                    case CHANGED -> "~";
                    case REPLACED -> "±";
                };
        out.println(sign + " " + terminal.bold(Targets.text(difference.key())) + "  "
                + terminal.dim(MomentText.brief(Times.instant(difference.at()), now)
                        + (difference.change() == ObjectDiff.Change.REPLACED ? "  deleted and made anew" : "")));
        for (FieldChange field : difference.fields()) {
            field(field);
        }
    }

    private void field(FieldChange field) {
        if (field.isMaskedAnew()) {
            out.println("    " + field.path() + ": " + terminal.dim(MASKED_ANEW));
            return;
        }
        FieldOwner owner = field.owner();
        String who = owner == null || owner.manager().isEmpty() ? "" : "  " + terminal.dim("(" + owner.manager() + ")");
        List<String> before = new ArrayList<>(lines(field.before()));
        List<String> after = new ArrayList<>(lines(field.after()));
        if (before.size() <= 1 && after.size() <= 1) {
            String old = before.isEmpty() ? "" : terminal.removed(before.getFirst());
            String value = after.isEmpty() ? terminal.dim("(none)") : terminal.added(after.getFirst());
            out.println("    " + field.path() + ": " + (old.isEmpty() ? "" : old + " -> ") + value + who);
            return;
        }
        out.println("    " + field.path() + ":" + who);
        while (!before.isEmpty() && !after.isEmpty() && before.getFirst().equals(after.getFirst())) {
            before.removeFirst();
            after.removeFirst();
        }
        while (!before.isEmpty() && !after.isEmpty() && before.getLast().equals(after.getLast())) {
            before.removeLast();
            after.removeLast();
        }
        before.forEach(line -> out.println("      " + terminal.removed("- " + line)));
        after.forEach(line -> out.println("      " + terminal.added("+ " + line)));
    }

    /** The change in a few words, for a line that says more than that; {@code ""} if it takes several lines. */
    static String brief(FieldChange field) {
        if (field.isMaskedAnew()) {
            return ": " + MASKED_ANEW;
        }
        List<String> before = lines(field.before());
        List<String> after = lines(field.after());
        boolean isShort = before.size() <= 1
                && after.size() <= 1
                && String.join("", before).length() + String.join("", after).length() <= BRIEF;
        if (!isShort) {
            return "";
        }
        return ": " + (before.isEmpty() ? "" : before.getFirst() + " -> ")
                + (after.isEmpty() ? "(none)" : after.getFirst());
    }

    private static List<String> lines(JsonNode value) {
        if (value == null) {
            return List.of();
        }
        if (!value.isTextual()) {
            return List.of(shortened(value.toString()));
        }
        String[] lines = value.asText().split("\n", -1);
        return lines.length == 1
                ? List.of(shortened(value.toString()))
                : Arrays.stream(lines).map(DiffText::shortened).toList();
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "… (" + text.length() + " characters)";
    }

    void end(MomentDiff diff) {
        List<String> counts = new ArrayList<>();
        diff.counts()
                .forEach((change, count) ->
                        counts.add(count + " " + change.name().toLowerCase(Locale.ROOT)));
        List<String> folded = new ArrayList<>();
        diff.foldedObjects().forEach((type, count) -> folded.add(count + " " + type));
        if (diff.foldedFields() > 0) {
            folded.add(diff.foldedFields() + " fields of bookkeeping");
        }
        terminal.note((counts.isEmpty() ? "No differences" : String.join(", ", counts))
                + (folded.isEmpty() ? "." : "; not shown: " + String.join(", ", folded) + "."));
    }
}
